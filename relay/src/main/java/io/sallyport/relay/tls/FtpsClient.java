package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 towards FTP servers, whose certificates are verified. Each FTP session has a context of
 * its own, so that its data connections resume its control connection and no other's.
 *
 * <p>Not TLS 1.3: there the JDK uses a ticket once, and ProFTPD gives two for a whole session.
 */
public final class FtpsClient {
    /** What is resumed is found by name and port, so data connections name the control port too. */
    private static final int CONTROL_PORT = 21;

    private static final String[] VERSIONS = {"TLSv1.2"};

    private final TrustManager[] trust;

    private FtpsClient(TrustManager[] trust) {
        this.trust = trust;
    }

    /**
     * @param ca certificates of the authorities that a server's certificate may come from, PEM;
     *     null for those that the JDK trusts
     * @throws IOException with a sentence for the operator, if the file can't be used
     */
    public static FtpsClient of(@Nullable Path ca) throws IOException {
        return new FtpsClient(ca == null ? PemFiles.trustOfThisJdk() : PemFiles.trust(ca));
    }

    /**
     * For a connection to a server.
     *
     * @param server the host name or address that its certificate has to be for
     */
    public FtpsSession newSession(String server) {
        SSLContext context = FtpsContexts.create(new KeyManager[0], trust);
        return new FtpsSession(() -> engine(context, server));
    }

    private static SSLEngine engine(SSLContext context, String server) {
        var engine = context.createSSLEngine(server, CONTROL_PORT);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }
}
