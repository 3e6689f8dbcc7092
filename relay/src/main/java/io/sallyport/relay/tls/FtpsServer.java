package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 towards the partners of a service. Each FTP session has a context of its own,
 * with ticket keys of its own, so what resumes belongs to it, with session ids as with tickets.
 */
public final class FtpsServer {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final KeyManager[] keys;
    private final TrustManager[] clientTrust;

    private FtpsServer(KeyManager[] keys, TrustManager[] clientTrust) {
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
                clientCa == null ? new TrustManager[0] : PemFiles.trust(clientCa));
    }

    /** For a partner that has connected. */
    public FtpsSession newSession() {
        SSLContext context = FtpsContexts.create(keys, clientTrust);
        var connections = new AtomicLong();
        return new FtpsSession(() -> engine(context, connections.incrementAndGet()));
    }

    private SSLEngine engine(SSLContext context, long connection) {
        // The JDK can't be asked whether a handshake was a resumption. But a TLS session carries
        // the name that its engine was given for the peer, in a ticket too.
        var engine = context.createSSLEngine("connection-" + connection, -1);
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        engine.setNeedClientAuth(clientTrust.length > 0);
        return engine;
    }
}
