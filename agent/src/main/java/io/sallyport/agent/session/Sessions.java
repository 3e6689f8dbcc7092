package io.sallyport.agent.session;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.Names;
import io.sallyport.agent.service.Services;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** All sessions of the agent. Used on the core loop only; each session lives on a data loop. */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** How long the gateway's explanation of a raw data channel's reset may come after it. */
    private static final Duration EXPLANATION_DEADLINE = Duration.ofSeconds(1);

    private final Loops loops;
    private final RelayEngine engine;
    private final Names names;
    private final Map<SessionId, Session> all = new LinkedHashMap<>();
    private Services services;
    private @Nullable CompletableFuture<Void> drained;
    private long total;

    public Sessions(Loops loops, RelayEngine engine, Names names, Services services) {
        this.loops = loops;
        this.engine = engine;
        this.names = names;
        this.services = services;
    }

    /** Services that sessions are opened for from now on; running ones keep theirs. */
    public void serve(Services services) {
        this.services = services;
    }

    public int count() {
        return all.size();
    }

    /** Sessions since the start. */
    public long total() {
        return total;
    }

    /** What is shown of a session. */
    public record View(
            SessionOpening opening,
            ServiceConfig service,
            String gateway,
            String state,
            long fromPartner,
            long fromOrigin,
            Duration age) {}

    public List<View> view() {
        return all.values().stream()
                .map(session ->
                        new View(
                                session.opening(),
                                session.service(),
                                session.channel().gateway(),
                                session.isRelaying() ? "relaying" : "connecting",
                                session.bytesFromPartner(),
                                session.bytesFromOrigin(),
                                session.age()))
                .toList();
    }

    /** A gateway opened a session on a data channel. */
    public void open(SessionOpening opening, SessionChannel channel) {
        ServiceConfig service = services.byName().get(opening.service());
        if (service == null) {
            refuse(
                    opening,
                    channel,
                    EndReason.SERVICE_UNKNOWN,
                    "the agent has no service " + opening.service());
        } else if (all.containsKey(opening.session())) {
            refuse(
                    opening,
                    channel,
                    EndReason.PROTOCOL_ERROR,
                    "there is a session " + opening.session() + " already");
        } else {
            var session = new Session(opening, service, channel, engine, this::ended);
            all.put(session.id(), session);
            total++;
            session.start(names);
        }
    }

    private static void refuse(
            SessionOpening opening, SessionChannel channel, EndReason reason, String why) {
        channel.explain(opening.session(), reason, why);
        channel.leg().loop().execute(() -> channel.leg().reset(reason, why));
        LOG.atWarn()
                .addKeyValue("session", opening.session())
                .addKeyValue("service", opening.service())
                .addKeyValue("gateway", channel.gateway())
                .addKeyValue("partner", opening.partner())
                .addKeyValue("reason", reason)
                .addKeyValue("why", why)
                .log("session refused");
    }

    /** The gateway says why it resets a raw data channel, before or after the reset arrives. */
    public void rawEnded(String gateway, RawEnded ended) {
        Session session = all.get(ended.session());
        if (session == null || !session.channel().gateway().equals(gateway)) {
            return;
        }
        session.abort(ended.reason(), ended.why());
        finish(session, ended.reason(), ended.why());
    }

    private void ended(Session session, EndReason reason, String why) {
        loops.core()
                .execute(() -> {
                    if (reason == EndReason.COMPLETED
                            || session.channel().kind() == ChannelKind.FRAMED) {
                        finish(session, reason, why);
                    } else if (reason == EndReason.CHANNEL_LOST) {
                        loops.core()
                                .schedule(
                                        () -> finish(session, reason, why),
                                        EXPLANATION_DEADLINE.toMillis(),
                                        TimeUnit.MILLISECONDS);
                    } else {
                        if (all.containsKey(session.id())) {
                            session.channel().explain(session.id(), reason, why);
                        }
                        finish(session, reason, why);
                    }
                });
    }

    private void finish(Session session, EndReason reason, String why) {
        if (!all.remove(session.id(), session)) {
            return;
        }
        tell(session, reason, why);
        if (drained != null && all.isEmpty()) {
            drained.complete(null);
        }
    }

    private static void tell(Session session, EndReason reason, String why) {
        var opening = session.opening();
        LoggingEventBuilder line =
                level(reason)
                        .addKeyValue("session", session.id())
                        .addKeyValue("service", opening.service())
                        .addKeyValue("gateway", session.channel().gateway())
                        .addKeyValue("partner", opening.partner())
                        .addKeyValue("origin", session.service().origin())
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

    private static LoggingEventBuilder level(EndReason reason) {
        return switch (reason) {
            case ORIGIN_REFUSED, ORIGIN_TIMEOUT, CHANNEL_LOST, INTERNAL -> LOG.atWarn();
            case COMPLETED,
                    PARTNER_RESET,
                    ORIGIN_RESET,
                    NO_CHANNEL,
                    IDLE_TIMEOUT,
                    HALF_CLOSE_TIMEOUT,
                    SERVICE_UNKNOWN,
                    LIMIT_REACHED,
                    NOT_ALLOWED,
                    SHUTDOWN,
                    PROTOCOL_ERROR ->
                    LOG.atInfo();
        };
    }

    /** Completes as soon as there is no session any more. */
    public CompletableFuture<Void> whenNone() {
        if (drained == null) {
            drained = new CompletableFuture<>();
        }
        if (all.isEmpty()) {
            drained.complete(null);
        }
        return drained;
    }

    /** Resets what is left. */
    public void abortAll() {
        Collection<Session> left = List.copyOf(all.values());
        left.forEach(session -> session.abort(EndReason.SHUTDOWN, "the agent was stopped"));
    }
}
