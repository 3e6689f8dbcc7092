package io.sallyport.gateway;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.gateway.data.DataConnections;
import io.sallyport.gateway.door.AgentDoor;
import io.sallyport.gateway.forward.ForwardSessions;
import io.sallyport.gateway.link.AgentEvents;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.link.AgentLinks;
import io.sallyport.gateway.link.LoopLoads;
import io.sallyport.gateway.listener.Listeners;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Software;
import io.sallyport.process.StatusReport;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.dial.SystemNames;
import io.sallyport.relay.kernel.Engines;
import io.sallyport.relay.tls.TlsContexts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: wires its parts and is the way in for whoever runs it. Its methods may be
 * called from any thread.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** How long sessions that are reset may take to be told of. */
    private static final Duration RESET_DEADLINE = Duration.ofSeconds(3);

    private final Instant started = Instant.now();
    private final Loops loops;
    private final RelayEngine engine = Engines.choose();
    private final Sessions sessions;
    private final Listeners listeners;
    private final DataConnections data;
    private final ForwardSessions forward;
    private final AgentLinks links;
    private final AgentDoor door;
    private final Endpoint address;
    private volatile GatewayConfig config;
    private SslContext tls;

    private Gateway(GatewayConfig config, SslContext tls) {
        this.config = config;
        this.tls = tls;
        loops = new Loops();
        var loads = new LoopLoads(loops.core(), loops.count());
        sessions = new Sessions(loops, loads, engine, config.limits());
        listeners = new Listeners(loops, sessions, config.policy());
        data = new DataConnections(loops, sessions, config.policy());
        forward = new ForwardSessions(loops, sessions, new SystemNames(), config.policy());
        links = new AgentLinks(loops, loads, config, new Publications());
        door = new AgentDoor(loops, links, tls, config.limits());
        try {
            address = loops.onCore(() -> door.open(config.listen())).join();
        } catch (CompletionException failed) {
            door.end();
            loops.close();
            throw failed.getCause() instanceof OperatorException sentence ? sentence : failed;
        }
    }

    /**
     * Starts a gateway; it listens for agents when this returns.
     *
     * @throws OperatorException with a sentence for the operator, if it can't
     */
    public static Gateway start(GatewayConfig config) {
        var gateway = new Gateway(config, tls(config));
        LOG.atInfo()
                .addKeyValue("gateway", config.name())
                .addKeyValue("listen", gateway.address)
                .addKeyValue("engine", gateway.engine.name())
                .addKeyValue("tls", TlsContexts.library())
                .addKeyValue("version", Software.nameAndVersion())
                .log("gateway ready");
        return gateway;
    }

    private static SslContext tls(GatewayConfig config) {
        try {
            return TlsContexts.server(
                    config.tls().certificate(),
                    config.tls().key(),
                    config.tls().trust(),
                    Protocol.ALPN_CONTROL,
                    Protocol.ALPN_DATA);
        } catch (IOException | IllegalArgumentException unusable) {
            throw new OperatorException(
                    "gateway.tls: the certificate, key or trust can't be used: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    /** Where agents dial in. */
    public Endpoint address() {
        return address;
    }

    /**
     * Applies a new configuration; what does not differ is not touched.
     *
     * @throws OperatorException with a sentence for the operator, and nothing is applied
     */
    public void reload(GatewayConfig next) {
        GatewayConfig current = config;
        if (!next.listen().equals(current.listen()) || !next.name().equals(current.name())) {
            throw new OperatorException(
                    "gateway.listen and gateway.name change with a restart only");
        }
        SslContext nextTls = tls(next);
        loops.onCore(() -> {
            config = next;
            sessions.reload(next.limits());
            listeners.reload(next.policy());
            data.reload(next.policy());
            forward.reload(next.policy());
            door.reload(nextTls, next.limits());
            replace(nextTls);
            links.reload(next);
            return null;
        });
        LOG.atInfo().addKeyValue("gateway", next.name()).log("configuration applied");
    }

    // Whoever took the old context a moment ago still makes its handler of it.
    private void replace(SslContext next) {
        SslContext old = tls;
        tls = next;
        loops.core()
                .schedule(
                        () -> ReferenceCountUtil.release(old),
                        config.limits().handshakeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Stops listening, lets sessions end by themselves for a while, and resets what is left.
     *
     * @return whether every session ended by itself
     */
    public boolean drain(Duration patience) {
        CompletableFuture<Void> drained = stopListening();
        LOG.atInfo()
                .addKeyValue("sessions", loops.onCore(sessions::count))
                .addKeyValue("patience", patience.toSeconds() + " s")
                .log("draining");
        boolean ended = Loops.await(drained, patience);
        if (!ended) {
            LOG.atWarn()
                    .addKeyValue("sessions", loops.onCore(sessions::count))
                    .log("sessions are reset");
            loops.onCore(() -> {
                sessions.abortAll();
                return null;
            });
            Loops.await(drained, RESET_DEADLINE);
        }
        return ended;
    }

    private CompletableFuture<Void> stopListening() {
        return loops.onCore(() -> {
            door.close();
            listeners.close();
            links.close();
            return sessions.drain();
        });
    }

    /** Stops at once: every session is reset. */
    @Override
    public void close() {
        CompletableFuture<Void> drained = stopListening();
        loops.onCore(() -> {
            sessions.abortAll();
            return null;
        });
        Loops.await(drained, RESET_DEADLINE);
        door.end();
        loops.close();
        ReferenceCountUtil.release(tls);
    }

    public StatusReport status() {
        return loops.onCore(() -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("gateway", config.name());
            facts.put("version", Software.nameAndVersion());
            facts.put("started", started.toString());
            facts.put("listen", address.toString());
            facts.put("engine", engine.name());
            facts.put("tls", TlsContexts.library());
            facts.put("sessions-running", sessions.count());
            facts.put("sessions-total", sessions.total());
            facts.put("parked", sessions.parked());
            facts.put("data-listeners", data.listening() + forward.listening() + listeners.held());
            facts.put("handshakes", door.unproved());
            facts.put("idle-channels", idleChannels());
            return new StatusReport(facts, List.of(agentTable(), listenerTable(), sessionTable()));
        });
    }

    /** Data channels that carry no session now. */
    private int idleChannels() {
        return links.dataChannels() - sessions.carried();
    }

    private StatusReport.Table agentTable() {
        return new StatusReport.Table(
                "agents",
                List.of(
                        "agent",
                        "state",
                        "since",
                        "address",
                        "software",
                        "warm-channels",
                        "last-error"),
                links.all().stream()
                        .map(link ->
                                List.<Object>of(
                                        link.name(),
                                        link.isPresent() ? "connected" : "away",
                                        link.since().toString(),
                                        link.address(),
                                        link.software(),
                                        link.warmChannels(),
                                        link.lastError()))
                        .toList());
    }

    private StatusReport.Table listenerTable() {
        return new StatusReport.Table(
                "listeners",
                List.of("service", "requested", "state", "bound", "error"),
                listeners.view().stream()
                        .map(result ->
                                switch (result) {
                                    case ListenerResult.Opened(
                                                    var service,
                                                    var requested,
                                                    var bound) ->
                                            List.<Object>of(
                                                    service,
                                                    requested.toString(),
                                                    "open",
                                                    bound.toString(),
                                                    "");
                                    case ListenerResult.Failed(
                                                    var service,
                                                    var requested,
                                                    var why) ->
                                            List.<Object>of(
                                                    service,
                                                    requested.toString(),
                                                    "failed",
                                                    "",
                                                    why);
                                })
                        .toList());
    }

    private StatusReport.Table sessionTable() {
        return new StatusReport.Table(
                "sessions",
                List.of(
                        "session",
                        "service",
                        "agent",
                        "partner",
                        "state",
                        "from-partner",
                        "from-origin",
                        "seconds"),
                sessions.view().stream()
                        .map(view ->
                                List.<Object>of(
                                        view.session().toString(),
                                        view.service(),
                                        view.agent(),
                                        view.partner().toString(),
                                        view.state(),
                                        view.fromPartner(),
                                        view.fromOrigin(),
                                        view.age().toMillis() / 1000.0))
                        .toList());
    }

    /** Joins agents with listeners and sessions. */
    private final class Publications implements AgentEvents {
        @Override
        public void onPublished(
                AgentLink agent,
                List<ServiceSpec> services,
                Consumer<List<ListenerResult>> outcome) {
            listeners.publish(agent, services, outcome);
        }

        @Override
        public void onRestarted(AgentLink agent) {
            sessions.agentRestarted(agent);
        }

        @Override
        public void onListen(AgentLink agent, Listen asked) {
            data.listen(agent, asked);
        }

        @Override
        public void onConnectPartner(AgentLink agent, ConnectPartner asked) {
            data.connect(agent, asked);
        }

        @Override
        public void onConnect(AgentLink agent, Connect asked) {
            agent.forwards();
            forward.connect(agent, asked);
        }

        @Override
        public void onBind(AgentLink agent, Bind asked) {
            agent.forwards();
            forward.bind(agent, asked);
        }

        @Override
        public void onWithdraw(AgentLink agent, RequestId withdrawn) {
            if (withdrawn.beside() == null) {
                forward.withdraw(agent, withdrawn);
            } else {
                data.withdraw(agent, withdrawn);
            }
        }

        @Override
        public void onLeft(AgentLink agent) {
            forward.agentLeft(agent);
        }

        @Override
        public void onForgotten(AgentLink agent) {
            listeners.forget(agent);
            sessions.forget(agent);
        }
    }
}
