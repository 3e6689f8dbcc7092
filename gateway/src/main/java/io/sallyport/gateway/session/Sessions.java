package io.sallyport.gateway.session;

import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.link.LoopLoads;
import io.sallyport.gateway.link.Offer;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All sessions: admits a partner, finds it a data channel, has the bytes carried, and tells how it
 * ended. Decides on the core loop; the legs of a session live on the loop of its data channel.
 */
public final class Sessions {
    private final Loops loops;
    private final LoopLoads loads;
    private final Carrier carrier;
    private final SessionLimits counts;
    private final SessionIndex all = new SessionIndex();
    private final SessionLog log = new SessionLog();

    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private Consumer<SessionId> onEnded = _ -> {};
    private GatewayLimits limits;
    private long total;
    private int parked;
    private boolean draining;

    public Sessions(Loops loops, LoopLoads loads, RelayEngine engine, GatewayLimits limits) {
        this.loops = loops;
        this.loads = loads;
        carrier = new Carrier(loops, engine, new CarrierEvents());
        this.limits = limits;
        this.counts = new SessionLimits(limits);
        loops.core().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        counts.tick();
        keepAwakeBesideData();
    }

    public void reload(GatewayLimits limits) {
        this.limits = limits;
        counts.limit(limits);
    }

    /** What is shown of a session. */
    public record View(
            SessionId session,
            String agent,
            String service,
            Endpoint partner,
            String state,
            long fromPartner,
            long fromOrigin,
            Duration age) {}

    public List<View> view() {
        return all.all().stream()
                .map(session ->
                        new View(
                                session.id,
                                session.agent.name(),
                                session.service.name(),
                                session.partner,
                                session.state().name().toLowerCase(Locale.ROOT),
                                session.bytesFromPartner(),
                                session.bytesFromOrigin(),
                                session.age()))
                .toList();
    }

    public int count() {
        return counts.sessions();
    }

    public int parked() {
        return parked;
    }

    /** Sessions that a data channel carries now. */
    public int carried() {
        return (int)
                all.all().stream()
                        .filter(session -> session.state() != Session.State.WAITING)
                        .count();
    }

    /** Sessions since the start. */
    public long total() {
        return total;
    }

    /** Has someone hear of the end of every session, on the core loop. */
    public void whenEnded(Consumer<SessionId> listener) {
        onEnded = listener;
    }

    /**
     * What a data connection beside a session needs to know of it.
     *
     * @param local the address and port of this host that the partner is connected to
     * @param partnerAddresses the partner's own, and that of a balancer it comes through
     * @param forward whom a forward session was to reach, else null
     */
    public record Beside(
            ServiceSpec service,
            Endpoint local,
            Set<InetAddress> partnerAddresses,
            @Nullable ForwardPartner forward) {}

    /** The session, if it is one of the agent's and has not ended. */
    public @Nullable Beside beside(AgentLink agent, SessionId id) {
        Session session = all.get(id);
        var local = session == null ? null : session.connection.localAddress();
        return session == null || session.agent != agent || local == null
                ? null
                : new Beside(
                        session.service,
                        Endpoint.of(local),
                        session.partnerAddresses,
                        session.data == null ? null : session.data.forward());
    }

    /** Whether a session of the service, itself no data connection, comes from this address. */
    public boolean hasSessionFrom(AgentLink agent, ServiceSpec service, InetAddress partner) {
        return !all.from(agent.name(), service, partner).isEmpty();
    }

    /** A partner connected. */
    public void accepted(
            TcpChannel connection,
            AgentLink agent,
            ServiceSpec service,
            Endpoint partner,
            Endpoint reached) {
        String refusal = refusal(agent, service, partner);
        if (refusal != null) {
            connection.reset();
            log.refused(service, partner, refusal);
            return;
        }
        begin(new Session(this, agent, service, partner, reached, connection, null));
    }

    /**
     * A data connection beside a session came, or the partner of a forward session.
     *
     * @param request what the agent asked for; null at a held port
     * @param forward whom a forward session was to reach, else null
     * @return why it was refused, or null
     */
    public @Nullable String acceptedData(
            TcpChannel connection,
            AgentLink agent,
            ServiceSpec service,
            Endpoint partner,
            Endpoint reached,
            @Nullable RequestId request,
            @Nullable ForwardPartner forward) {
        String refusal = draining ? "the gateway is stopping" : counts.beginData();
        if (refusal != null) {
            connection.reset();
            log.refused(service, partner, refusal);
            return refusal;
        }
        var data = new Session.Data(request, forward);
        begin(new Session(this, agent, service, partner, reached, connection, data));
        return null;
    }

    private void begin(Session session) {
        all.add(session);
        total++;
        park(session);
    }

    // A control connection is silent during a long transfer, and must not be idle for it. Whether
    // bytes move does not tell: what was passed on may be on its way to a slow reader for long. The
    // data connection has times of its own.
    private void keepAwakeBesideData() {
        for (Session session : all.all()) {
            if (session.isData()) {
                all.beside(session).forEach(Session::touch);
            }
        }
    }

    /** Has the session wait for a data channel, which it may get before this returns. */
    private void park(Session session) {
        parked++;
        session.agent.request(session.kind(), session);
        if (!session.isParked()) {
            return;
        }
        // A channel that comes back is for it.
        loops.hurryCore(true);
        Duration patience = limits.parkTimeout().minus(session.age());
        var deadline =
                loops.core()
                        .schedule(
                                () -> end(session, EndReason.NO_CHANNEL, noChannel(session.agent)),
                                Math.max(0, patience.toMillis()),
                                TimeUnit.MILLISECONDS);
        session.waitUntil(deadline);
    }

    private void unpark() {
        parked--;
        if (parked == 0) {
            loops.hurryCore(false);
        }
    }

    private @Nullable String refusal(AgentLink agent, ServiceSpec service, Endpoint partner) {
        if (draining) {
            return "the gateway is stopping";
        }
        if (!allowed(service, partner)) {
            return "its address is not allowed by the service";
        }
        if (parked >= limits.parkedPartners()) {
            return "limits.parked-partners (" + limits.parkedPartners() + ") is reached";
        }
        return counts.begin(
                partner.address(), agent.name() + "/" + service.name(), service.maxSessions());
    }

    private static boolean allowed(ServiceSpec service, Endpoint partner) {
        return (service.allow().isEmpty()
                        || Network.anyContains(service.allow(), partner.address()))
                && !Network.anyContains(service.deny(), partner.address());
    }

    private static String noChannel(AgentLink agent) {
        return agent.isPresent()
                ? "agent "
                        + agent.name()
                        + " brought no data channel in time"
                        + (agent.lastError().isEmpty() ? "" : ": " + agent.lastError())
                : "agent " + agent.name() + " is not connected";
    }

    /** Puts the partner's leg at the end of the connection's pipeline. */
    public static SocketLeg partnerLeg(TcpChannel connection, Endpoint partner) {
        var leg = new SocketLeg(connection, EndReason.PARTNER_RESET, () -> "partner " + partner);
        connection.pipeline().addLast(leg);
        return leg;
    }

    /** The session got a data channel. */
    void open(Session session, Offer offer) {
        unpark();
        loads.begin(offer.loop());
        carrier.open(session, offer);
    }

    /** Hears from the data loops. */
    private final class CarrierEvents implements Carrier.Observer {
        @Override
        public void onChannelLost(Session session) {
            again(session);
        }

        @Override
        public void onEnded(Session session, EndReason reason, String why) {
            end(session, reason, why);
        }
    }

    /** The data channel was lost before it carried a byte of the partner: another one may do. */
    private void again(Session session) {
        if (draining) {
            end(session, EndReason.SHUTDOWN, "the gateway is stopping");
            return;
        }
        session.waitAgain();
        if (session.isParked()) {
            loads.end(session.loop());
            park(session);
        }
    }

    /** Sessions that the agent has not connected yet can be opened on channels of its successor. */
    public void agentRestarted(AgentLink agent) {
        all.all().stream()
                .filter(session ->
                        session.agent == agent && session.state() == Session.State.OPENING)
                .forEach(Session::agentRestarted);
    }

    private void end(Session session, EndReason reason, String why) {
        boolean wasParked = session.isParked();
        if (!session.finish()) {
            return;
        }
        all.remove(session);
        if (session.isData()) {
            counts.endData();
        } else {
            counts.end(
                    session.partner.address(), session.agent.name() + "/" + session.service.name());
        }
        if (wasParked) {
            unpark();
            session.agent.cancel(session.kind(), session);
        } else {
            loads.end(session.loop());
        }
        if (!session.isRelayed()) {
            session.connection.reset();
        }
        log.ended(session, reason, why);
        onEnded.accept(session.id);
        if (draining && all.isEmpty()) {
            drained.complete(null);
        }
    }

    /** Every partner that waits for an agent that is not expected back is let go. */
    public void forget(AgentLink agent) {
        for (Session session : all.snapshot()) {
            if (session.agent == agent && session.isParked()) {
                end(session, EndReason.NO_CHANNEL, noChannel(agent));
            }
        }
    }

    /** Admits no more; completes when the last session has ended. */
    public CompletableFuture<Void> drain() {
        draining = true;
        for (Session session : all.snapshot()) {
            if (session.isParked()) {
                end(session, EndReason.SHUTDOWN, "the gateway is stopping");
            }
        }
        if (all.isEmpty()) {
            drained.complete(null);
        }
        return drained;
    }

    /** Resets what is left. */
    public void abortAll() {
        Collection<Session> left = all.snapshot();
        left.forEach(session -> session.abort(EndReason.SHUTDOWN, "the gateway was stopped"));
    }
}
