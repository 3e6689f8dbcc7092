package io.sallyport.gateway.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.link.ChannelRequest;
import io.sallyport.gateway.link.Offer;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Relay;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One partner connection, from accept until it is told of in the log. Used on the core loop only,
 * but for its byte counts.
 *
 * <pre>
 * Waiting ─data channel→ Relaying ─relay ended→ over
 *    └── no data channel in time, or the gateway stops ──→ over
 * </pre>
 */
final class Session implements ChannelRequest {
    final SessionId id = SessionId.random();
    final AgentLink agent;
    final ServiceSpec service;
    final Endpoint partner;
    final Endpoint reached;
    final TcpChannel connection;
    private final Sessions sessions;
    private final long beganNanos = System.nanoTime();
    private State state = State.WAITING;
    private @Nullable Future<?> deadline;
    private volatile @Nullable EventLoop loop;
    private volatile @Nullable Relay relay;
    private @Nullable Abort abortedEarly;

    /** What came before there was a relay to abort. Used on the data loop only. */
    private record Abort(EndReason reason, String why) {}

    enum State {
        WAITING,
        RELAYING,
        OVER
    }

    Session(
            Sessions sessions,
            AgentLink agent,
            ServiceSpec service,
            Endpoint partner,
            Endpoint reached,
            TcpChannel connection) {
        this.sessions = sessions;
        this.agent = agent;
        this.service = service;
        this.partner = partner;
        this.reached = reached;
        this.connection = connection;
    }

    ChannelKind kind() {
        return service.kind();
    }

    SessionOpening opening() {
        return new SessionOpening(id, service.name(), partner, reached);
    }

    State state() {
        return state;
    }

    /** Whether it waits still. */
    boolean isParked() {
        return state == State.WAITING;
    }

    void waitUntil(Future<?> deadline) {
        this.deadline = deadline;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    long bytesFromPartner() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromPartner();
    }

    long bytesFromOrigin() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromOrigin();
    }

    @Override
    public InetAddress partnerAddress() {
        return partner.address();
    }

    @Override
    public boolean take(Offer offer) {
        if (state != State.WAITING) {
            return false;
        }
        state = State.RELAYING;
        cancelDeadline();
        loop = offer.loop();
        sessions.open(this, offer);
        return true;
    }

    /** The data channel was dead before the session was named on it: another one may do. */
    void waitAgain() {
        if (state == State.RELAYING) {
            state = State.WAITING;
        }
    }

    /** Called on the data loop that carries it. */
    void relayedBy(Relay relay) {
        this.relay = relay;
        if (abortedEarly != null) {
            relay.abort(abortedEarly.reason(), abortedEarly.why());
        }
    }

    /** Aborts a session that has a data channel, even if its bytes are not yet carried. */
    void abort(EndReason reason, String why) {
        EventLoop carrier = loop;
        if (carrier != null) {
            carrier.execute(() -> {
                Relay current = relay;
                if (current != null) {
                    current.abort(reason, why);
                } else {
                    abortedEarly = new Abort(reason, why);
                }
            });
        }
    }

    /** True for the first call only. */
    boolean finish() {
        if (state == State.OVER) {
            return false;
        }
        state = State.OVER;
        cancelDeadline();
        return true;
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
