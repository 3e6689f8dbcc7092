package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * TLS 1.2 towards an origin, whose certificate is verified. Each FTP session has a context of its
 * own, so that its data connections resume its control connection and no other's.
 *
 * <p>Not TLS 1.3: there the JDK uses a ticket once, and ProFTPD gives two for a whole session.
 */
public final class FtpsOrigin {
    /** What is resumed is found by name and port, so data connections name the control port too. */
    private static final int CONTROL_PORT = 21;

    private static final String[] VERSIONS = {"TLSv1.2"};

    private final TrustManager[] trust;
    private final String name;

    private FtpsOrigin(TrustManager[] trust, String name) {
        this.trust = trust;
        this.name = name;
    }

    /**
     * @param ca certificates of the authorities that the origin's certificate may come from, PEM
     * @param name the host name or address that the origin's certificate has to be for
     * @throws IOException with a sentence for the operator, if the file can't be used
     */
    public static FtpsOrigin of(Path ca, String name) throws IOException {
        return new FtpsOrigin(PemFiles.trust(ca), name);
    }

    /** For a connection to the origin. */
    public FtpsSession newSession() {
        SSLContext context = FtpsContexts.create(new KeyManager[0], trust);
        return new FtpsSession(() -> engine(context));
    }

    private SSLEngine engine(SSLContext context) {
        var engine = context.createSSLEngine(name, CONTROL_PORT);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }
}
