package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.2 and 1.3 towards an origin, whose certificate is verified. Each FTP session has a context
 * of its own, so that its data connections resume its control connection and no other's.
 */
public final class FtpsOrigin {
    /**
     * Under which a session is found again: data connections go to other ports than the control.
     */
    private static final int CONTROL_PORT = 21;

    private final X509ExtendedTrustManager trust;
    private final String name;

    private FtpsOrigin(X509ExtendedTrustManager trust, String name) {
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
        var fullHandshakes = new FullHandshakes();
        SSLContext context =
                FtpsServer.context(
                        new KeyManager[0], new TrustManager[] {fullHandshakes.watch(trust)});
        return new FtpsSession(() -> engine(context), fullHandshakes);
    }

    private SSLEngine engine(SSLContext context) {
        var engine = context.createSSLEngine(name, CONTROL_PORT);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(FtpsServer.VERSIONS);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }
}
