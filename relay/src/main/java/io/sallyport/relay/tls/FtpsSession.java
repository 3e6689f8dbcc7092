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
    /** The newest data connections whose tickets are kept. */
    private static final int RECENT_MAX = 8;

    private final Supplier<SSLEngine> engines;
    private final ArrayDeque<SSLSession> recent = new ArrayDeque<>();
    private @Nullable SSLSession first;

    FtpsSession(Supplier<SSLEngine> engines) {
        this.engines = engines;
    }

    /** For the control connection, first, and then for each data connection. */
    public TlsEngine newEngine() {
        return new TlsEngine(engines.get(), this);
    }

    // The JDK holds only softly what can be resumed, and forgets it when the connection is idle.
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
