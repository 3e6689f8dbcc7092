package io.sallyport.relay.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS between gateway and agent: TLS 1.3 only, both sides authenticated by the configured
 * authority, post-quantum hybrid key exchange first where BoringSSL is at hand.
 */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    private static final SslProvider PROVIDER = chooseProvider();

    /**
     * Netty hands keys on in a store in memory. The default type encrypts them there, with
     * thousands of rounds that are a quarter of what a gateway computes before it is ready.
     */
    private static final String IN_MEMORY = "JKS";

    private static final String[] GROUPS = {"X25519MLKEM768", "x25519", "P-256"};
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");
    private static final int SESSIONS_REMEMBERED = 20_000;
    private static final long SESSION_SECONDS = 3_600;

    private TlsContexts() {}

    private static SslProvider chooseProvider() {
        if (OpenSsl.isAvailable()) {
            return SslProvider.OPENSSL_REFCNT;
        }
        LOG.atWarn()
                .addKeyValue("error", OpenSsl.unavailabilityCause().getMessage())
                .log(
                        "the native TLS library can't be loaded from the directory \"native\""
                                + " beside the jars, so the JDK's TLS is used, at several times the"
                                + " CPU");
        return SslProvider.JDK;
    }

    /** Who does TLS between gateway and agent: {@code boringssl}, or {@code jdk} without it. */
    public static String library() {
        return PROVIDER == SslProvider.JDK ? "jdk" : "boringssl";
    }

    /**
     * For the gateway. A handshake can be resumed for an hour, as long as the process and its
     * identity stay the same.
     *
     * @throws IOException with a sentence, if the files can't be used
     */
    public static SslContext server(Path certificate, Path key, Path trust, String... protocols)
            throws IOException {
        var own = PemFiles.Own.read(certificate, key);
        var context =
                common(SslContextBuilder.forServer(own.key(), own.chain()), trust, protocols)
                        .clientAuth(ClientAuth.REQUIRE)
                        .build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(randomTicketKey());
        }
        return context;
    }

    /**
     * For the agent. One context serves one protocol, so that only handshakes of the same kind are
     * resumed.
     *
     * @throws IOException with a sentence, if the files can't be used
     */
    public static SslContext client(Path certificate, Path key, Path trust, String protocol)
            throws IOException {
        var own = PemFiles.Own.read(certificate, key);
        return common(
                        SslContextBuilder.forClient().keyManager(own.key(), own.chain()),
                        trust,
                        protocol)
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
    }

    private static SslContextBuilder common(
            SslContextBuilder builder, Path trust, String... protocols) {
        builder.trustManager(trust.toFile())
                .keyStoreType(IN_MEMORY)
                .sslProvider(PROVIDER)
                .protocols("TLSv1.3")
                .ciphers(CIPHERS)
                .sessionCacheSize(SESSIONS_REMEMBERED)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                protocols));
        if (PROVIDER != SslProvider.JDK) {
            builder.option(OpenSslContextOption.GROUPS, GROUPS);
        }
        return builder;
    }

    private static OpenSslSessionTicketKey randomTicketKey() {
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        var random = new SecureRandom();
        random.nextBytes(name);
        random.nextBytes(hmac);
        random.nextBytes(aes);
        return new OpenSslSessionTicketKey(name, hmac, aes);
    }
}
