package io.sallyport.gateway.session;

import io.netty.channel.ChannelFuture;
import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.link.Offer;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions: admits a partner, finds it a data channel, has the bytes carried, and tells how it
 * ended. Decides on the core loop; the legs of a session live on the loop of its data channel.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /**
     * How long the explanation of a raw data channel's reset may take; the reset itself can't carry
     * one.
     */
    private static final Duration EXPLANATION_DEADLINE = Duration.ofSeconds(1);

    private final Loops loops;
    private final RelayEngine engine;
    private final SessionLimits counts;
    private final Map<SessionId, Session> all = new HashMap<>();

    /** Raw sessions whose end was explained before it came, and the other way round. */
    private final Map<SessionId, RawEnded> explained = new HashMap<>();

    private final Set<SessionId> unexplained = new HashSet<>();
    private final Seldom refusals = new Seldom(Duration.ofSeconds(1));
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private GatewayLimits limits;
    private long total;
    private int parked;
    private boolean draining;

    public Sessions(Loops loops, RelayEngine engine, GatewayLimits limits) {
        this.loops = loops;
        this.engine = engine;
        this.limits = limits;
        this.counts = new SessionLimits(limits);
        loops.core().scheduleAtFixedRate(counts::tick, 1, 1, TimeUnit.SECONDS);
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
        return all.values().stream()
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

    /** Sessions that a framed data channel carries now. */
    public int framed() {
        return (int)
                all.values().stream()
                        .filter(session ->
                                session.kind() == ChannelKind.FRAMED
                                        && session.state() == Session.State.RELAYING)
                        .count();
    }

    /** Sessions since the start. */
    public long total() {
        return total;
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
            abandon(connection);
            refused(service, partner, refusal);
            return;
        }
        var session = new Session(this, agent, service, partner, reached, connection);
        all.put(session.id, session);
        total++;
        park(session);
    }

    /** Has the session wait for a data channel, which it may get before this returns. */
    private void park(Session session) {
        parked++;
        var deadline =
                loops.core()
                        .schedule(
                                () -> end(session, EndReason.NO_CHANNEL, noChannel(session.agent)),
                                limits.parkTimeout().toMillis(),
                                TimeUnit.MILLISECONDS);
        session.waitUntil(deadline);
        session.agent.request(session.kind(), session);
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
                        || service.allow().stream()
                                .anyMatch(net -> net.contains(partner.address())))
                && service.deny().stream().noneMatch(net -> net.contains(partner.address()));
    }

    private void refused(ServiceSpec service, Endpoint partner, String why) {
        if (refusals.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("partner", partner)
                    .addKeyValue("why", why)
                    .addKeyValue("unsaid", refusals.unsaid())
                    .log("partner refused");
        }
    }

    private static String noChannel(AgentLink agent) {
        return agent.isPresent()
                ? "agent "
                        + agent.name()
                        + " brought no data channel in time"
                        + (agent.lastError().isEmpty() ? "" : ": " + agent.lastError())
                : "agent " + agent.name() + " is not connected";
    }

    /**
     * The session got a data channel: brings both legs to that channel's loop, and has them joined
     * there.
     */
    void open(Session session, Offer offer) {
        parked--;
        if (session.connection.isRegistered()) {
            // A partner whose PROXY protocol header was read has a loop already.
            session.connection
                    .deregister()
                    .addListener(_ -> offer.loop().execute(() -> join(session, offer)));
        } else {
            offer.loop().execute(() -> join(session, offer));
        }
    }

    private void join(Session session, Offer offer) {
        if (!offer.isUsable()) {
            loops.core().execute(() -> again(session));
            return;
        }
        offer.loop()
                .register(session.connection)
                .addListener((ChannelFuture registered) -> {
                    if (!registered.isSuccess()) {
                        offer.retire();
                        loops.core()
                                .execute(() ->
                                        end(
                                                session,
                                                EndReason.PARTNER_RESET,
                                                "the partner left before it was served"));
                        return;
                    }
                    var timeouts =
                            new RelayTimeouts(
                                    session.service.idleTimeout(),
                                    session.service.halfCloseTimeout());
                    session.connection.allowHalfClose();
                    SocketLeg partner = session.connection.pipeline().get(SocketLeg.class);
                    if (partner == null) {
                        partner = partnerLeg(session.connection, session.partner);
                    }
                    Leg channel = openOn(offer, session);
                    session.relayedBy(
                            engine.join(
                                    partner,
                                    channel,
                                    timeouts,
                                    (reason, why) ->
                                            loops.core()
                                                    .execute(() ->
                                                            relayEnded(session, reason, why))));
                });
    }

    /** Puts the partner's leg at the end of the connection's pipeline. */
    public static SocketLeg partnerLeg(TcpChannel connection, Endpoint partner) {
        var leg = new SocketLeg(connection, EndReason.PARTNER_RESET, "partner " + partner);
        connection.pipeline().addLast(leg);
        return leg;
    }

    private Leg openOn(Offer offer, Session session) {
        if (session.kind() == ChannelKind.RAW) {
            return offer.open(session.agent, session.opening(), () -> {});
        }
        var late =
                offer.loop()
                        .schedule(
                                () ->
                                        session.abort(
                                                EndReason.CHANNEL_LOST,
                                                "the agent did not answer on the data channel"),
                                Protocol.OPENED_DEADLINE.toMillis(),
                                TimeUnit.MILLISECONDS);
        return offer.open(session.agent, session.opening(), () -> late.cancel(false));
    }

    private void again(Session session) {
        session.waitAgain();
        if (session.isParked()) {
            park(session);
        }
    }

    private void relayEnded(Session session, EndReason reason, String why) {
        if (session.kind() == ChannelKind.FRAMED || reason == EndReason.COMPLETED) {
            end(session, reason, why);
            return;
        }
        RawEnded explanation = explained.get(session.id);
        if (explanation != null) {
            end(session, explanation.reason(), explanation.why());
        } else if (reason != EndReason.CHANNEL_LOST) {
            session.agent.send(new RawEnded(session.id, reason, why));
            end(session, reason, why);
        } else {
            unexplained.add(session.id);
            loops.core()
                    .schedule(
                            () -> end(session, reason, why),
                            EXPLANATION_DEADLINE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** The agent says why it reset a raw data channel, before or after the reset arrives here. */
    public void rawEnded(AgentLink agent, RawEnded ended) {
        Session session = all.get(ended.session());
        if (session == null || session.agent != agent) {
            return;
        }
        if (unexplained.contains(session.id)) {
            end(session, ended.reason(), ended.why());
        } else {
            explained.put(session.id, ended);
            session.abort(ended.reason(), ended.why());
        }
    }

    private void end(Session session, EndReason reason, String why) {
        boolean wasParked = session.isParked();
        if (!session.finish()) {
            return;
        }
        all.remove(session.id);
        explained.remove(session.id);
        unexplained.remove(session.id);
        counts.end(session.partner.address(), session.agent.name() + "/" + session.service.name());
        if (wasParked) {
            parked--;
            session.agent.cancel(session.kind(), session);
            abandon(session.connection);
        }
        tell(session, reason, why);
        if (draining && all.isEmpty()) {
            drained.complete(null);
        }
    }

    private static void abandon(TcpChannel connection) {
        if (connection.isRegistered()) {
            connection.close();
        } else {
            connection.unsafe().closeForcibly();
        }
    }

    private static void tell(Session session, EndReason reason, String why) {
        var line =
                (reason == EndReason.COMPLETED || reason == EndReason.PARTNER_RESET
                                ? LOG.atInfo()
                                : LOG.atWarn())
                        .addKeyValue("session", session.id)
                        .addKeyValue("service", session.service.name())
                        .addKeyValue("agent", session.agent.name())
                        .addKeyValue("partner", session.partner)
                        .addKeyValue("reached", session.reached)
                        .addKeyValue("from-partner", session.bytesFromPartner())
                        .addKeyValue("from-origin", session.bytesFromOrigin())
                        .addKeyValue("seconds", session.age().toMillis() / 1000.0)
                        .addKeyValue("reason", reason)
                        .addKeyValue("ended-by", reason.endedBy());
        if (!why.isEmpty()) {
            line = line.addKeyValue("why", why);
        }
        line.log("session ended");
    }

    /** Every partner that waits for an agent that is not expected back is let go. */
    public void forget(AgentLink agent) {
        for (Session session : List.copyOf(all.values())) {
            if (session.agent == agent && session.isParked()) {
                end(session, EndReason.NO_CHANNEL, noChannel(agent));
            }
        }
    }

    /** Admits no more; completes when the last session has ended. */
    public CompletableFuture<Void> drain() {
        draining = true;
        for (Session session : List.copyOf(all.values())) {
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
        Collection<Session> left = List.copyOf(all.values());
        left.forEach(session -> session.abort(EndReason.SHUTDOWN, "the gateway was stopped"));
    }
}
