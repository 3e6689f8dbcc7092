package io.sallyport.agent;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.link.GatewayLink;
import io.sallyport.agent.link.LinkSettings;
import io.sallyport.agent.session.OriginSessions;
import io.sallyport.process.HostPort;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Software;
import io.sallyport.process.StatusReport;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.PortableEngine;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: wires its parts and is the way in for whoever runs it. Its methods may be called
 * from any thread.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private static final Duration SETTLING_LOOK = Duration.ofMillis(10);

    private final Instant started = Instant.now();
    private final long instance = new SecureRandom().nextLong();
    private final Loops loops = new Loops();
    private final OriginSessions sessions = new OriginSessions(new PortableEngine());
    private final Map<HostPort, GatewayLink> links = new LinkedHashMap<>();
    private AgentConfig config;
    private LinkSettings settings;
    private long revision;

    private Agent(AgentConfig config, LinkSettings settings) {
        this.config = config;
        this.settings = settings;
    }

    /**
     * Starts an agent, which goes on trying to reach its gateways until it is closed.
     *
     * @throws OperatorException with a sentence for the operator, if it can't start
     */
    public static Agent start(AgentConfig config) {
        var agent = new Agent(config, LinkSettings.of(config));
        agent.loops.onCore(() -> agent.apply(config, agent.settings));
        agent.loops
                .core()
                .scheduleAtFixedRate(
                        () -> agent.links.values().forEach(GatewayLink::tick),
                        1,
                        1,
                        TimeUnit.SECONDS);
        LOG.atInfo()
                .addKeyValue("agent", config.name())
                .addKeyValue("services", config.services().size())
                .addKeyValue("version", Software.nameAndVersion())
                .log("agent ready");
        return agent;
    }

    /**
     * Applies a new configuration. Sessions that run are not touched, those of a removed service
     * included.
     *
     * @throws OperatorException with a sentence for the operator, and nothing is applied
     */
    public void reload(AgentConfig next) {
        LinkSettings nextSettings = LinkSettings.of(next);
        loops.onCore(() -> {
            if (!next.name().equals(config.name())) {
                throw new OperatorException("agent.name changes with a restart only");
            }
            return apply(next, nextSettings);
        });
        LOG.atInfo()
                .addKeyValue("agent", next.name())
                .addKeyValue("services", next.services().size())
                .log("configuration applied");
    }

    /**
     * Waits until every gateway has answered the latest document, or the time is over; not to be
     * called on a loop.
     */
    public List<ListenerResult> awaitListeners(Duration patience) throws InterruptedException {
        long beganNanos = System.nanoTime();
        while (true) {
            boolean settled =
                    loops.onCore(() -> links.values().stream().allMatch(GatewayLink::isSettled));
            if (settled || System.nanoTime() - beganNanos > patience.toNanos()) {
                return loops.onCore(() ->
                        links.values().stream()
                                .flatMap(link -> link.listeners().stream())
                                .toList());
            }
            Thread.sleep(SETTLING_LOOK);
        }
    }

    private boolean apply(AgentConfig next, LinkSettings nextSettings) {
        config = next;
        settings = nextSettings;
        revision++;
        sessions.serve(
                next.services().stream()
                        .collect(Collectors.toMap(ServiceConfig::name, Function.identity())));
        links.values()
                .removeIf(link -> {
                    boolean removed = !next.gateways().contains(link.gateway());
                    if (removed) {
                        link.close();
                    }
                    return removed;
                });
        List<ServiceSpec> specs =
                next.services().stream().map(service -> spec(service, next.encryption())).toList();
        for (HostPort gateway : next.gateways()) {
            GatewayLink known = links.get(gateway);
            if (known == null) {
                var link =
                        new GatewayLink(
                                loops,
                                gateway,
                                nextSettings,
                                instance,
                                sessions,
                                ThreadLocalRandom.current()::nextDouble);
                links.put(gateway, link);
                link.publish(revision, specs);
                link.open();
            } else {
                known.reload(nextSettings);
                known.publish(revision, specs);
            }
        }
        return true;
    }

    private static ServiceSpec spec(ServiceConfig service, Encryption encryption) {
        boolean raw = encryption == Encryption.AUTO && service.protocol().encrypted();
        return new ServiceSpec(
                service.name(),
                raw ? ChannelKind.RAW : ChannelKind.FRAMED,
                service.listen(),
                service.allow(),
                service.deny(),
                service.acceptProxyProtocol(),
                service.maxSessions(),
                service.idleTimeout(),
                service.halfCloseTimeout());
    }

    /**
     * Leaves the gateways, lets sessions end by themselves for a while, and resets what is left.
     * The gateways keep the listeners for their grace period, so that a new process can take over.
     *
     * @return whether every session ended by itself
     */
    public boolean drain(Duration patience) {
        CompletableFuture<Void> drained =
                loops.onCore(() -> {
                    links.values().forEach(GatewayLink::close);
                    return sessions.drain();
                });
        LOG.atInfo()
                .addKeyValue("sessions", sessions.count())
                .addKeyValue("patience", patience.toSeconds() + " s")
                .log("draining");
        boolean ended = Loops.await(drained, patience);
        if (!ended) {
            LOG.atWarn().addKeyValue("sessions", sessions.count()).log("sessions are reset");
            sessions.abortAll();
            Loops.await(drained, Duration.ofSeconds(3));
        }
        return ended;
    }

    /** Stops at once: every session is reset. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        loops.close();
    }

    public StatusReport status() {
        return loops.onCore(() -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("agent", config.name());
            facts.put("version", Software.nameAndVersion());
            facts.put("started", started.toString());
            facts.put("revision", revision);
            facts.put("sessions-running", sessions.count());
            facts.put("sessions-total", sessions.total());
            facts.put("dials", links.values().stream().mapToLong(GatewayLink::dials).sum());
            facts.put(
                    "parked-channels",
                    links.values().stream().mapToInt(GatewayLink::parkedChannels).sum());
            return new StatusReport(
                    facts, List.of(gatewayTable(), listenerTable(), sessionTable()));
        });
    }

    private StatusReport.Table gatewayTable() {
        return new StatusReport.Table(
                "gateways",
                List.of("gateway", "state", "since", "last-error"),
                links.values().stream()
                        .map(link ->
                                List.<Object>of(
                                        link.gateway().toString(),
                                        link.state().name().toLowerCase(Locale.ROOT),
                                        link.since().toString(),
                                        link.lastError()))
                        .toList());
    }

    private StatusReport.Table listenerTable() {
        List<List<Object>> rows = new ArrayList<>();
        for (GatewayLink link : links.values()) {
            for (ListenerResult result : link.listeners()) {
                String gateway = link.gateway().toString();
                rows.add(
                        switch (result) {
                            case ListenerResult.Opened(var service, var requested, var bound) ->
                                    List.of(
                                            service,
                                            gateway,
                                            requested.toString(),
                                            "open",
                                            bound.toString(),
                                            "");
                            case ListenerResult.Failed(var service, var requested, var why) ->
                                    List.of(
                                            service,
                                            gateway,
                                            requested.toString(),
                                            "failed",
                                            "",
                                            why);
                        });
            }
        }
        return new StatusReport.Table(
                "listeners",
                List.of("service", "gateway", "requested", "state", "bound", "error"),
                rows);
    }

    private StatusReport.Table sessionTable() {
        return new StatusReport.Table(
                "sessions",
                List.of(
                        "session",
                        "service",
                        "gateway",
                        "partner",
                        "origin",
                        "from-partner",
                        "from-origin",
                        "seconds"),
                sessions.view().stream()
                        .map(view ->
                                List.<Object>of(
                                        view.session().toString(),
                                        view.service(),
                                        view.gateway().toString(),
                                        view.partner().toString(),
                                        view.origin(),
                                        view.fromPartner(),
                                        view.fromOrigin(),
                                        view.age().toMillis() / 1000.0))
                        .toList());
    }
}
