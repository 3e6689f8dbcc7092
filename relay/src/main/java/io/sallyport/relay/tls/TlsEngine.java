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
     * Whether this connection resumed a TLS session of its own FTP session: the peer is the one of
     * the control connection. Known once the handshake is done.
     */
    public boolean resumed() {
        return session.resumed(engine);
    }

    /** The version of TLS, for logs: {@code TLSv1.3}. Known once the handshake is done. */
    public String version() {
        return engine.getSession().getProtocol();
    }
}
