package io.sallyport.relay.tls;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one FTP session on one side: its control connection and its data connections share
 * what can be resumed, and share it with no other FTP session. May be used from any thread.
 */
public final class FtpsSession {
    /** The newest data connections whose tickets are kept alive. */
    private static final int RECENT_MAX = 8;

    private final Supplier<SSLEngine> engines;
    private final FullHandshakes fullHandshakes;
    private @Nullable SSLSession first;
    private final ArrayDeque<SSLSession> recent = new ArrayDeque<>();

    FtpsSession(Supplier<SSLEngine> engines, FullHandshakes fullHandshakes) {
        this.engines = engines;
        this.fullHandshakes = fullHandshakes;
    }

    /** For the control connection, first, and then for each data connection. */
    public TlsEngine newEngine() {
        return new TlsEngine(engines.get(), this);
    }

    boolean resumed(SSLEngine engine) {
        return !fullHandshakes.contains(engine);
    }

    // The library only holds softly what it can resume, and would forget it on an idle connection.
    synchronized void established(SSLEngine engine) {
        if (first == null) {
            first = engine.getSession();
            return;
        }
        recent.addLast(engine.getSession());
        if (recent.size() > RECENT_MAX) {
            recent.removeFirst();
        }
    }
}
