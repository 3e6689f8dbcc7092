package io.sallyport.agent.session;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to a session: how its origin is reached, and how its bytes are carried. Used
 * on the session's loop.
 */
public interface Course {
    /** The origin as it is named in the log: {@code 10.0.0.5:22}. */
    String origin();

    /** Whom a forward session is to reach, as it was asked for; null for other sessions. */
    default @Nullable String destination() {
        return null;
    }

    /** Aborts a session; may be called on any thread. */
    @FunctionalInterface
    interface Aborter {
        void abort(EndReason reason, String why);
    }

    /** The session begins; called on the core loop. */
    default void began(Aborter aborter) {}

    /**
     * Begins to connect the origin; the outcome comes on the loop, never before this returns. Asked
     * for a session that is over, too, and cancelled at once.
     */
    Dialing reach(EventLoop loop, TcpDial.Outcome outcome);

    /** Carries bytes between the partner's leg and the origin that was reached. */
    Relay carry(Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer);

    /** Whether this is a data connection that may belong to any session of its partner. */
    default boolean isHeldData() {
        return false;
    }

    /**
     * The session has ended, whether it was carried or not. Called on its loop.
     *
     * @param fromPartner bytes that were carried
     * @param fromOrigin the same
     */
    default void ended(EndReason reason, long fromPartner, long fromOrigin) {}
}
