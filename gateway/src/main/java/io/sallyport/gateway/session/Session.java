package io.sallyport.gateway.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.link.ChannelRequest;
import io.sallyport.gateway.link.Offer;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Relay;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One partner connection, from accept until it is told of in the log. Used on the core loop only,
 * but for its byte counts.
 *
 * <pre>
 * Waiting ─data channel→ Opening ─origin connected→ Relaying ─relay ended→ over
 *    ↑  └────────────────────┼── no data channel in time, partner left, gateway stops ──→ over
 *    └── data channel lost ──┘
 * </pre>
 */
final class Session implements ChannelRequest {
    final SessionId id = SessionId.random();
    final AgentLink agent;
    final ServiceSpec service;
    final Endpoint partner;
    final Endpoint reached;
    final TcpChannel connection;
    final @Nullable Data data;

    /** The partner's own address, and that of a balancer it comes through. */
    final Set<InetAddress> partnerAddresses;

    private final Sessions sessions;
    private final long beganNanos = System.nanoTime();
    private State state = State.WAITING;
    private @Nullable Future<?> deadline;
    private volatile @Nullable EventLoop loop;
    private volatile @Nullable Relay relay;
    private volatile @Nullable Opening opening;

    /**
     * What makes a session a data connection, or a forward session.
     *
     * @param asked what the agent asked for; null at a held port
     * @param forward null for a data connection
     */
    record Data(@Nullable RequestId asked, @Nullable ForwardPartner forward) {}

    enum State {
        WAITING,
        OPENING,
        RELAYING,
        OVER
    }

    Session(
            Sessions sessions,
            AgentLink agent,
            ServiceSpec service,
            Endpoint partner,
            Endpoint reached,
            TcpChannel connection,
            @Nullable Data data) {
        this.sessions = sessions;
        this.agent = agent;
        this.service = service;
        this.partner = partner;
        this.reached = reached;
        this.connection = connection;
        this.data = data;
        var peer = connection.remoteAddress();
        partnerAddresses =
                peer == null || peer.getAddress().equals(partner.address())
                        ? Set.of(partner.address())
                        : Set.of(partner.address(), peer.getAddress());
    }

    ChannelKind kind() {
        return service.kind();
    }

    SessionOpening opening() {
        return new SessionOpening(
                id, service.name(), partner, reached, data == null ? null : data.asked());
    }

    boolean isData() {
        return data != null;
    }

    State state() {
        return state == State.OPENING && isRelayed() ? State.RELAYING : state;
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
        state = State.OPENING;
        cancelDeadline();
        loop = offer.loop();
        sessions.open(this, offer);
        return true;
    }

    /** The loop of the data channel that it took last. */
    EventLoop loop() {
        return Objects.requireNonNull(loop, "a session that waits is on no loop");
    }

    /** The data channel was lost before the origin was connected: another one may do. */
    void waitAgain() {
        if (state == State.OPENING) {
            state = State.WAITING;
        }
    }

    /** Called before anything happens on the data channel's loop. */
    void openedBy(Opening opening) {
        this.opening = opening;
    }

    /** Called on the data loop that carries it. */
    void relayedBy(Relay relay) {
        this.relay = relay;
    }

    /** Whether its legs belong to a relay, which resets or closes them. */
    boolean isRelayed() {
        return relay != null;
    }

    /** Aborts a session that has a data channel, even if its bytes are not yet carried. */
    void abort(EndReason reason, String why) {
        onLoop(() -> {
            Relay current = relay;
            Opening before = opening;
            if (current != null) {
                current.abort(reason, why);
            } else if (before != null) {
                before.abort(reason, why);
            }
        });
    }

    /** There is a data connection beside the session: it is not idle. */
    void touch() {
        Relay current = relay;
        if (current != null) {
            onLoop(current::touch);
        }
    }

    /** The agent was restarted: if the session is not open yet, it is opened again. */
    void agentRestarted() {
        onLoop(() -> {
            Opening before = opening;
            if (before != null && relay == null) {
                before.channelLost("the agent was restarted");
            }
        });
    }

    private void onLoop(Runnable task) {
        EventLoop carrier = loop;
        if (carrier != null) {
            carrier.execute(task);
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
