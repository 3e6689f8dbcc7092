package io.sallyport.relay.tls;

import javax.net.ssl.SSLEngine;

/** One side of one TLS connection, to be given to {@link TlsLeg#startTls} once. */
public final class TlsEngine {
    private final SSLEngine engine;
    private final FtpsSession session;

    TlsEngine(SSLEngine engine, FtpsSession session) {
        this.engine = engine;
        this.session = session;
    }

    SSLEngine machine() {
        return engine;
    }

    void established() {
        session.established(engine);
    }

    /**
     * Whether the partner resumed a TLS session of its own FTP session, so that it is who has the
     * control connection. Known once the handshake is done, and only to a server: a client's is
     * always false.
     */
    public boolean resumed() {
        // What is resumed is named after the connection that it began on: FtpsServer sees to it.
        return !engine.getPeerHost().equals(engine.getSession().getPeerHost());
    }

    /** The version of TLS, for logs: {@code TLSv1.3}. Known once the handshake is done. */
    public String version() {
        return engine.getSession().getProtocol();
    }
}
