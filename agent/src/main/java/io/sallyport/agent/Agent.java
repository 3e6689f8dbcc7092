package io.sallyport.agent;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.dial.AgentTls;
import io.sallyport.agent.forward.ForwardEntries;
import io.sallyport.agent.ftp.FtpCourses;
import io.sallyport.agent.link.GatewayLink;
import io.sallyport.agent.link.LinkContext;
import io.sallyport.agent.service.Services;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.Gateway;
import io.sallyport.agent.session.Sessions;
import io.sallyport.process.HostPort;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Software;
import io.sallyport.process.StatusReport;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.dial.SystemNames;
import io.sallyport.relay.kernel.Engines;
import io.sallyport.relay.tls.TlsContexts;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: wires its parts and is the way in for whoever runs it. Its methods may be called
 * from any thread but its own loops.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** How long sessions that are reset may take to be told of. */
    private static final Duration RESET_DEADLINE = Duration.ofSeconds(3);

    private final Instant started = Instant.now();
    private final Loops loops = new Loops();
    private final RelayEngine engine = Engines.choose();
    private final Map<HostPort, GatewayLink> links = new LinkedHashMap<>();
    private final List<AgentTls> outdated = new ArrayList<>();
    private final Context context;
    private final ForwardEntries forward;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Agent(AgentConfig config, Services services, AgentTls tls) {
        context = new Context(config, services, tls);
        forward =
                new ForwardEntries(
                        loops.core(),
                        context.sessions.dataRequests(),
                        engine,
                        context.courses,
                        this::gateway);
    }

    /**
     * Starts an agent; it dials its gateways when this returns, and goes on doing so.
     *
     * @throws OperatorException with a sentence for the operator, if the configuration can't be
     *     used
     */
    public static Agent start(AgentConfig config) {
        Services services = Services.of(config);
        var agent = new Agent(config, services, AgentTls.of(config.tls()));
        agent.loops.onCore(() -> {
            config.gateways().forEach(agent::connect);
            agent.forward.apply(config.forward());
            return null;
        });
        LOG.atInfo()
                .addKeyValue("agent", config.name())
                .addKeyValue("gateways", config.gateways())
                .addKeyValue("services", services.specs().size())
                .addKeyValue("engine", agent.engine.name())
                .addKeyValue("tls", TlsContexts.library())
                .addKeyValue("version", Software.nameAndVersion())
                .log("agent ready");
        return agent;
    }

    /** Where partners are asked for; null if no gateway is connected. */
    private @Nullable Gateway gateway() {
        for (GatewayLink link : links.values()) {
            if (link.isUp()) {
                return link;
            }
        }
        return null;
    }

    private void connect(HostPort gateway) {
        var link = new GatewayLink(context, gateway);
        links.put(gateway, link);
        link.start();
    }

    /**
     * Applies a new configuration; what does not differ is not touched, and no running session is.
     *
     * @throws OperatorException with a sentence for the operator, and nothing is applied
     */
    public void reload(AgentConfig next) {
        if (!next.name().equals(context.config.name())) {
            throw new OperatorException("agent.name changes with a restart only");
        }
        Runnable courses = context.courses.prepare(next);
        AgentTls tls = AgentTls.of(next.tls());
        try {
            loops.onCore(() -> {
                apply(next, context.services.replacedBy(next), tls);
                courses.run();
                return null;
            });
        } catch (RuntimeException refused) {
            tls.release();
            throw refused;
        }
        LOG.atInfo()
                .addKeyValue("agent", next.name())
                .addKeyValue("gateways", next.gateways())
                .addKeyValue("services", next.services().size())
                .log("configuration applied");
    }

    private void apply(AgentConfig next, Services services, AgentTls tls) {
        boolean differs = services.revision() != context.services.revision();
        context.config = next;
        context.services = services;
        context.sessions.serve(services);
        forward.apply(next.forward());
        identify(tls);
        if (differs) {
            links.values().forEach(GatewayLink::publish);
        }
        links.keySet().stream()
                .filter(gateway -> !next.gateways().contains(gateway))
                .toList()
                .forEach(this::disconnect);
        next.gateways().stream()
                .filter(gateway -> !links.containsKey(gateway))
                .forEach(this::connect);
    }

    private void disconnect(HostPort gateway) {
        GatewayLink link = links.remove(gateway);
        if (link != null) {
            link.withdraw();
        }
    }

    /** Takes the identity for connections made from now on, unless it is the same. */
    private void identify(AgentTls next) {
        AgentTls old = context.tls;
        if (next.fingerprint().equals(old.fingerprint())) {
            next.release();
            return;
        }
        context.tls = next;
        // Whoever is connecting with it still is done by then.
        outdated.add(old);
        loops.core()
                .schedule(
                        () -> {
                            outdated.remove(old);
                            old.release();
                        },
                        context.config.connectTimeout().multipliedBy(2).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until every gateway has told what became of the listeners, or the time is over.
     *
     * @return what is known of them by then
     */
    public List<ListenerResult> awaitListeners(Duration patience) {
        var answered = loops.onCore(() -> all(GatewayLink::whenAnswered));
        Loops.await(answered, patience);
        return loops.onCore(() ->
                links.values().stream().flatMap(link -> link.view().listeners().stream()).toList());
    }

    /** Where an entry of the forward proxy listens; null if it does not. */
    public @Nullable Endpoint entry(String name) {
        return loops.onCore(() -> Optional.ofNullable(forward.bound(name))).orElse(null);
    }

    private CompletableFuture<Void> all(Function<GatewayLink, CompletableFuture<Void>> of) {
        return CompletableFuture.allOf(
                links.values().stream().map(of).toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Says goodbye to the gateways, which keep the listeners for the agent's return, lets sessions
     * end by themselves for a while, and resets what is left.
     *
     * @return whether every session ended by itself
     */
    public boolean drain(Duration patience) {
        LOG.atInfo()
                .addKeyValue("sessions", loops.onCore(context.sessions::count))
                .addKeyValue("patience", patience.toSeconds() + " s")
                .log("draining");
        return end(patience);
    }

    private boolean end(Duration patience) {
        CompletableFuture<Void> drained =
                loops.onCore(() -> {
                    forward.close();
                    return all(link -> link.stop("the agent stops"))
                            .thenCompose(_ -> context.sessions.whenNone());
                });
        boolean ended = Loops.await(drained, patience);
        if (!ended) {
            abortSessions();
            Loops.await(drained, RESET_DEADLINE);
        }
        return ended;
    }

    private void abortSessions() {
        int left =
                loops.onCore(() -> {
                    links.values().forEach(GatewayLink::endService);
                    context.sessions.abortAll();
                    return context.sessions.count();
                });
        if (left > 0) {
            LOG.atWarn().addKeyValue("sessions", left).log("sessions are reset");
        }
    }

    /** Stops at once: every session is reset. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        end(Duration.ZERO);
        loops.close();
        outdated.forEach(AgentTls::release);
        context.tls.release();
    }

    public StatusReport status() {
        return loops.onCore(
                () -> new AgentStatus(context, engine, forward, started).report(links.values()));
    }

    /** What all parts share; changed by a reload, on the core loop. */
    private final class Context implements LinkContext {
        private final Names names = new SystemNames();
        private final long instance = new SecureRandom().nextLong();
        private final FtpCourses courses;
        private final Sessions sessions;
        private volatile AgentConfig config;
        private Services services;
        private volatile AgentTls tls;

        Context(AgentConfig config, Services services, AgentTls tls) {
            this.config = config;
            this.services = services;
            this.tls = tls;
            var dataRequests = new DataRequests(loops);
            courses = new FtpCourses(loops.core(), dataRequests, names, engine, config);
            sessions = new Sessions(loops, dataRequests, courses, services);
        }

        @Override
        public Loops loops() {
            return loops;
        }

        @Override
        public Names names() {
            return names;
        }

        @Override
        public Sessions sessions() {
            return sessions;
        }

        @Override
        public AgentConfig config() {
            return config;
        }

        @Override
        public AgentTls tls() {
            return tls;
        }

        @Override
        public Services services() {
            return services;
        }

        @Override
        public long instance() {
            return instance;
        }
    }
}
