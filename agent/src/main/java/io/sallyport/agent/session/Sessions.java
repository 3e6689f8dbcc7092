package io.sallyport.agent.session;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.service.Services;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayTimeouts;
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

/**
 * All sessions of the agent. Used on the core loop only, but to open one; each session lives on a
 * data loop.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Loops loops;
    private final DataRequests dataRequests;
    private final Courses courses;
    private final Map<SessionId, Session> all = new LinkedHashMap<>();
    private volatile Services services;
    private @Nullable CompletableFuture<Void> drained;
    private long total;

    public Sessions(Loops loops, DataRequests dataRequests, Courses courses, Services services) {
        this.loops = loops;
        this.dataRequests = dataRequests;
        this.courses = courses;
        this.services = services;
        loops.core().scheduleAtFixedRate(this::keepAwakeBesideData, 1, 1, TimeUnit.SECONDS);
    }

    /** Where gateways' answers about data connections go. */
    public DataRequests dataRequests() {
        return dataRequests;
    }

    // A control connection is silent during a long transfer, and must not be idle for it. Whether
    // bytes move does not tell: what was passed on may be on its way to a slow reader for long. The
    // data connection has times of its own.
    private void keepAwakeBesideData() {
        for (Session session : all.values()) {
            RequestId data = session.opening().request();
            if (data != null) {
                Session beside = data.beside() == null ? null : all.get(data.beside());
                if (beside != null) {
                    beside.touch();
                }
            } else if (session.isHeldData()) {
                all.values().stream()
                        .filter(other -> !other.isHeldData() && other.isFromSamePartner(session))
                        .forEach(Session::touch);
            }
        }
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
            @Nullable String destination,
            String origin,
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
                                session.destination(),
                                session.origin(),
                                session.channel().gateway(),
                                session.isRelaying() ? "relaying" : "connecting",
                                session.bytesFromPartner(),
                                session.bytesFromOrigin(),
                                session.age()))
                .toList();
    }

    /**
     * A gateway opened a session on a data channel. Called on its loop, where most sessions begin
     * at once: the others wait for the core loop, which owns what they need.
     *
     * @param enrolled runs on the core loop as soon as the session is known there, or refused
     */
    public void open(SessionOpening opening, SessionChannel channel, Runnable enrolled) {
        ServiceConfig service = services.byName().get(opening.service());
        Course course =
                service == null || opening.request() != null
                        ? null
                        : courses.atOnce(opening, service);
        if (service == null || course == null) {
            loops.core()
                    .execute(() -> {
                        open(opening, channel);
                        enrolled.run();
                    });
            return;
        }
        Session session = session(opening, course, timeouts(service), channel);
        // Before it can end, which is told there, too.
        loops.onCoreUnhurried(() -> {
            enrol(session, course);
            enrolled.run();
        });
        session.start();
    }

    private void open(SessionOpening opening, SessionChannel channel) {
        ServiceConfig service = services.byName().get(opening.service());
        RelayTimeouts timeouts = service == null ? services.forwardTimeouts() : timeouts(service);
        if (opening.request() != null) {
            Course course = dataRequests.came(opening, channel);
            if (course == null) {
                refuse(
                        opening,
                        channel,
                        EndReason.SERVICE_UNKNOWN,
                        "nothing waits for this connection any more");
            } else {
                begin(opening, course, timeouts, channel);
            }
        } else if (service == null) {
            refuse(
                    opening,
                    channel,
                    EndReason.SERVICE_UNKNOWN,
                    "the agent has no service " + opening.service());
        } else {
            begin(opening, courses.of(opening, service, channel), timeouts, channel);
        }
    }

    private static RelayTimeouts timeouts(ServiceConfig service) {
        return new RelayTimeouts(service.idleTimeout(), service.halfCloseTimeout());
    }

    private void begin(
            SessionOpening opening, Course course, RelayTimeouts timeouts, SessionChannel channel) {
        Session session = session(opening, course, timeouts, channel);
        enrol(session, course);
        session.start();
    }

    private Session session(
            SessionOpening opening, Course course, RelayTimeouts timeouts, SessionChannel channel) {
        return new Session(opening, timeouts, channel, course, this::ended);
    }

    private void enrol(Session session, Course course) {
        total++;
        if (all.putIfAbsent(session.id(), session) != null) {
            session.abort(
                    EndReason.PROTOCOL_ERROR, "there is a session " + session.id() + " already");
        }
        course.began(session::abort);
    }

    private static void refuse(
            SessionOpening opening, SessionChannel channel, EndReason reason, String why) {
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

    private void ended(Session session, EndReason reason, String why) {
        loops.onCoreUnhurried(() -> finish(session, reason, why));
    }

    private void finish(Session session, EndReason reason, String why) {
        if (all.remove(session.id(), session)) {
            dataRequests.forget(session.id());
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
                        .addKeyValue(
                                session.destination() == null ? "origin" : "client",
                                session.origin())
                        .addKeyValue("from-partner", session.bytesFromPartner())
                        .addKeyValue("from-origin", session.bytesFromOrigin())
                        .addKeyValue("seconds", session.age().toMillis() / 1000.0)
                        .addKeyValue("reason", reason)
                        .addKeyValue("ended-by", reason.endedBy());
        if (session.destination() != null) {
            line = line.addKeyValue("destination", session.destination());
        }
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
