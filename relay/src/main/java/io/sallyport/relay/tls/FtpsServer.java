package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 towards the partners of a service. Each FTP session has a context of its own,
 * with ticket keys of its own: so what resumes belongs to it, with session ids as with tickets,
 * however often a ticket is used and whichever connection it came on. A context costs little, as
 * all share the keys that were read.
 */
public final class FtpsServer {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final X509ExtendedKeyManager keys;
    private final @Nullable X509ExtendedTrustManager clientTrust;

    private FtpsServer(
            X509ExtendedKeyManager keys, @Nullable X509ExtendedTrustManager clientTrust) {
        this.keys = keys;
        this.clientTrust = clientTrust;
    }

    /**
     * @param certificate PEM, followed by intermediate certificates if there are any
     * @param key PEM, PKCS #8
     * @param clientCa whom partners need a certificate of; null if they need none
     * @throws IOException with a sentence for the operator, if the files can't be used
     */
    public static FtpsServer of(Path certificate, Path key, @Nullable Path clientCa)
            throws IOException {
        return new FtpsServer(
                PemFiles.keys(certificate, key),
                clientCa == null ? null : PemFiles.trust(clientCa));
    }

    /** For a partner that has connected. */
    public FtpsSession newSession() {
        var fullHandshakes = new FullHandshakes();
        TrustManager[] trust =
                clientTrust == null ? new TrustManager[0] : new TrustManager[] {clientTrust};
        SSLContext context = context(new KeyManager[] {fullHandshakes.watch(keys)}, trust);
        return new FtpsSession(() -> engine(context), fullHandshakes);
    }

    private SSLEngine engine(SSLContext context) {
        var engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        engine.setNeedClientAuth(clientTrust != null);
        return engine;
    }

    static SSLContext context(KeyManager[] keys, TrustManager[] trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no TLS", impossible);
        }
    }
}
