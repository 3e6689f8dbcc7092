package io.sallyport.agent.session;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One session: from the gateway's opening over the connection to the origin to the end of both
 * directions. Lives on its data channel's loop, where both its legs are.
 *
 * <pre>
 * Connecting ─origin connected→ Relaying ─relay ended→ over
 *     └── origin refused or too slow, data channel lost, aborted ──→ over
 * </pre>
 */
final class Session {
    /** Hears of the end, once, on the session's loop. */
    @FunctionalInterface
    interface Observer {
        void onEnded(Session session, EndReason reason, String why);
    }

    private final SessionOpening opening;
    private final RelayTimeouts timeouts;
    private final SessionChannel channel;
    private final Course course;
    private final Observer observer;
    private final long beganNanos = System.nanoTime();
    private @Nullable Dialing dial;
    private volatile @Nullable Relay relay;
    private boolean over;

    Session(
            SessionOpening opening,
            RelayTimeouts timeouts,
            SessionChannel channel,
            Course course,
            Observer observer) {
        this.opening = opening;
        this.timeouts = timeouts;
        this.channel = channel;
        this.course = course;
        this.observer = observer;
    }

    SessionId id() {
        return opening.session();
    }

    SessionOpening opening() {
        return opening;
    }

    SessionChannel channel() {
        return channel;
    }

    String origin() {
        return course.origin();
    }

    /** Null for a session of a service. */
    @Nullable String destination() {
        return course.destination();
    }

    /** A data connection that may belong to any session of its partner. */
    boolean isHeldData() {
        return course.isHeldData();
    }

    boolean isFromSamePartner(Session other) {
        return opening.service().equals(other.opening.service())
                && opening.partner().address().equals(other.opening.partner().address());
    }

    /** There is a data connection beside the session: it is not idle. */
    void touch() {
        Relay current = relay;
        if (current != null) {
            loop().execute(current::touch);
        }
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    boolean isRelaying() {
        return relay != null;
    }

    long bytesFromPartner() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromPartner();
    }

    long bytesFromOrigin() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromOrigin();
    }

    private EventLoop loop() {
        return channel.leg().loop();
    }

    /** Begins to connect the origin; may be called on any thread. */
    void start() {
        if (loop().inEventLoop()) {
            begin();
        } else {
            loop().execute(this::begin);
        }
    }

    private void begin() {
        channel.leg().watch(this::end);
        dial = course.reach(loop(), new OriginDial());
        if (over) {
            // Who waits for the partner inside hears only so that there is none any more.
            dial.cancel();
        }
    }

    /** Aborts the session unless it has ended; may be called on any thread. */
    void abort(EndReason reason, String why) {
        loop().execute(() -> {
            Relay current = relay;
            if (current != null) {
                current.abort(reason, why);
            } else if (!over) {
                channel.leg().reset(reason, why);
                end(reason, why);
            }
        });
    }

    private final class OriginDial implements TcpDial.Outcome {
        @Override
        public void connected(TcpChannel connection) {
            join(connection);
        }

        @Override
        public void failed(DialFault fault) {
            var reason = fault.timedOut() ? EndReason.ORIGIN_TIMEOUT : EndReason.ORIGIN_REFUSED;
            String why = "service " + opening.service() + ": " + fault.why();
            channel.leg().reset(reason, why);
            end(reason, why);
        }
    }

    private void join(TcpChannel connection) {
        // What it kept is of no use to the session, which may be long.
        dial = null;
        channel.confirmOpened();
        // The end is told a step later: the relay may end before carry returns it.
        relay =
                course.carry(
                        channel.leg(),
                        connection,
                        timeouts,
                        (reason, why) -> loop().execute(() -> end(reason, why)));
    }

    private void end(EndReason reason, String why) {
        if (over) {
            return;
        }
        over = true;
        if (dial != null) {
            dial.cancel();
        }
        course.ended(reason, bytesFromPartner(), bytesFromOrigin());
        observer.onEnded(this, reason, why);
    }
}
