package io.sallyport.agent.link;

import io.sallyport.agent.Dialer;
import io.sallyport.agent.session.OriginSessions;
import io.sallyport.process.HostPort;
import io.sallyport.process.Software;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.control.ControlChannel;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's link to one gateway: dials, greets, publishes, and comes back for as long as it is
 * not closed. Used on the core loop only.
 *
 * <pre>
 * WAITING ─time is over→ CONNECTING ─TLS done→ GREETING ─Welcome→ UP
 *    ↑                        │                    │              │
 *    └────── failed, refused, lost, or told goodbye ──────────────┘      (close: → CLOSED from anywhere)
 * </pre>
 */
public final class GatewayLink {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLink.class);

    /** How often listeners that the gateway could not open are asked for again. */
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(10);

    /** The state of a link; the name in lower case is the word in the status. */
    public enum State {
        WAITING,
        CONNECTING,
        GREETING,
        UP,
        CLOSED
    }

    private final Loops loops;
    private final HostPort gateway;
    private final long instance;
    private final Backoff backoff;
    private final DataChannels dataChannels;
    private final Map<String, ListenerResult> listeners = new HashMap<>();
    private LinkSettings settings;
    private List<ServiceSpec> services = List.of();
    private long revision;
    private long answeredRevision;
    private State state = State.WAITING;
    private Instant since = Instant.now();
    private String lastError = "";
    private Duration retryAfter = Duration.ZERO;
    private @Nullable Attempt attempt;

    /**
     * @param instance chosen at random once per process
     * @param chance from 0 to 1, for the times between attempts
     */
    public GatewayLink(
            Loops loops,
            HostPort gateway,
            LinkSettings settings,
            long instance,
            OriginSessions sessions,
            DoubleSupplier chance) {
        this.loops = loops;
        this.gateway = gateway;
        this.settings = settings;
        this.instance = instance;
        this.backoff = new Backoff(chance);
        this.dataChannels =
                new DataChannels(
                        loops,
                        gateway,
                        settings,
                        sessions,
                        new DataChannels.Link() {
                            @Override
                            public void send(ControlMessage message) {
                                GatewayLink.this.send(message);
                            }

                            @Override
                            public void dataPathFailed(String why) {
                                GatewayLink.this.dataPathFailed(why);
                            }
                        });
    }

    public HostPort gateway() {
        return gateway;
    }

    public State state() {
        return state;
    }

    /** When the state was entered. */
    public Instant since() {
        return since;
    }

    public String lastError() {
        return lastError;
    }

    /** What the gateway last said of each listener. */
    public List<ListenerResult> listeners() {
        return List.copyOf(listeners.values());
    }

    /** Whether the gateway has answered the latest document. */
    public boolean isSettled() {
        return state == State.UP && answeredRevision == revision;
    }

    public int parkedChannels() {
        return dataChannels.parked();
    }

    /** Data channel connections made so far. */
    public long dials() {
        return dataChannels.dials();
    }

    /** Begins to dial. */
    public void open() {
        connect();
    }

    /** Uses other settings for connections made from now on. */
    public void reload(LinkSettings settings) {
        this.settings = settings;
        dataChannels.reload(settings);
    }

    /** Publishes a document, now or as soon as the gateway is there. */
    public void publish(long revision, List<ServiceSpec> services) {
        this.revision = revision;
        this.services = services;
        if (state == State.UP) {
            send(new Publish(revision, services));
        }
    }

    /** Says goodbye and does not come back. Running sessions go on. */
    public void close() {
        Attempt current = attempt;
        enter(State.CLOSED);
        attempt = null;
        dataChannels.reset();
        if (current != null) {
            current.goodbye(CloseReason.STOPPING, "the agent stops", Duration.ZERO);
        }
    }

    /** Once a second. */
    public void tick() {
        dataChannels.tick();
    }

    private void send(ControlMessage message) {
        if (attempt != null) {
            attempt.send(message);
        }
    }

    private void enter(State next) {
        state = next;
        since = Instant.now();
    }

    private void connect() {
        if (state != State.WAITING) {
            return;
        }
        enter(State.CONNECTING);
        attempt = new Attempt();
        attempt.start();
    }

    private void dataPathFailed(String why) {
        LOG.atError()
                .addKeyValue("gateway", gateway)
                .addKeyValue("why", why)
                .log(
                        "data channels don't come through although the control channel lives,"
                                + " connecting anew");
        if (attempt != null) {
            attempt.goodbye(CloseReason.DATA_PATH_FAILED, why, Duration.ZERO);
        }
    }

    private void lost(Attempt ended, String why) {
        if (attempt != ended || state == State.CLOSED) {
            return;
        }
        boolean wasUp = state == State.UP;
        if (wasUp) {
            backoff.wasUpFor(Duration.between(since, Instant.now()));
        }
        attempt = null;
        dataChannels.reset();
        Duration wait = backoff.next();
        if (wait.compareTo(retryAfter) < 0) {
            wait = retryAfter;
        }
        retryAfter = Duration.ZERO;
        if (wasUp || !why.equals(lastError)) {
            LOG.atWarn()
                    .addKeyValue("gateway", gateway)
                    .addKeyValue("why", why)
                    .log(wasUp ? "gateway lost" : "gateway can't be reached, trying on");
        }
        lastError = why;
        enter(State.WAITING);
        loops.core().schedule(this::connect, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One attempt to be connected, and the connection that came of it. */
    private final class Attempt implements ControlChannel.Listener<FromGateway> {
        private @Nullable ControlChannel<FromGateway> control;

        void start() {
            var outcome =
                    new TlsStart.Outcome() {
                        @Override
                        public void secured(TcpChannel channel) {
                            var installed =
                                    ControlChannel.install(
                                            channel,
                                            ControlCodec::decodeFromGateway,
                                            settings.heartbeat(),
                                            loops.core(),
                                            Attempt.this);
                            loops.core().execute(() -> greet(installed));
                        }

                        @Override
                        public void failed(String what) {
                            loops.core()
                                    .execute(() ->
                                            lost(Attempt.this, "gateway " + gateway + " " + what));
                        }
                    };
            var current = settings;
            Dialer.connect(
                    gateway,
                    loops.nextData(),
                    current.connectTimeout(),
                    channel -> {
                        channel.config().setAutoRead(true);
                        TlsStart.install(
                                channel,
                                current.controlTls(),
                                gateway,
                                Protocol.ALPN_CONTROL,
                                current.connectTimeout(),
                                outcome);
                    },
                    new Dialer.Outcome() {
                        @Override
                        public void connected(TcpChannel channel) {}

                        @Override
                        public void failed(Dialer.Failure failure) {
                            outcome.failed(failure.what());
                        }
                    });
        }

        private void greet(ControlChannel<FromGateway> installed) {
            control = installed;
            if (attempt != this) {
                goodbye(CloseReason.STOPPING, "the agent stops", Duration.ZERO);
                return;
            }
            enter(State.GREETING);
            send(new Hello(Protocol.MINOR, Software.nameAndVersion(), instance));
            loops.core()
                    .schedule(
                            () -> {
                                if (attempt == this && state == State.GREETING) {
                                    goodbye(
                                            CloseReason.TIMED_OUT,
                                            "no welcome came",
                                            Duration.ZERO);
                                }
                            },
                            settings.connectTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        void send(ControlMessage message) {
            if (control != null) {
                control.send(message);
            }
        }

        void goodbye(CloseReason reason, String why, Duration peerRetryAfter) {
            if (control != null) {
                control.close(reason, why, peerRetryAfter);
            }
        }

        @Override
        public void onMessage(FromGateway message) {
            if (attempt != this) {
                return;
            }
            switch (message) {
                case Welcome(_, var name, var software) -> welcomed(name, software);
                case Published(var answered, var results) -> published(answered, results);
                case Dial(var kind, var tickets) -> dataChannels.asked(kind, tickets);
                case OpenRaw(var ticket, var opening) -> dataChannels.openRaw(ticket, opening);
                case RawEnded ended ->
                        LOG.atDebug()
                                .addKeyValue("session", ended.session())
                                .addKeyValue("reason", ended.reason())
                                .addKeyValue("why", ended.why())
                                .log("the gateway ended a session");
                case Goodbye(var reason, var why, var wait) -> {
                    retryAfter = wait;
                    lastError = "";
                    var line = reason == CloseReason.STOPPING ? LOG.atInfo() : LOG.atError();
                    line.addKeyValue("gateway", gateway)
                            .addKeyValue("reason", reason)
                            .addKeyValue("why", why)
                            .log(
                                    reason == CloseReason.REPLACED
                                            ? "another process connected with this agent's"
                                                    + " certificate and took over"
                                            : "gateway says goodbye");
                }
                case Ping _, Pong _ ->
                        throw new IllegalStateException("answered by the control channel");
            }
        }

        private void welcomed(String name, String software) {
            if (state != State.GREETING) {
                goodbye(CloseReason.PROTOCOL_ERROR, "a welcome out of turn", Duration.ZERO);
                return;
            }
            enter(State.UP);
            lastError = "";
            LOG.atInfo()
                    .addKeyValue("gateway", gateway)
                    .addKeyValue("name", name)
                    .addKeyValue("software", software)
                    .log("gateway connected");
            send(new Publish(revision, services));
        }

        private void published(long answered, List<ListenerResult> results) {
            answeredRevision = answered;
            boolean failures = false;
            Map<String, ListenerResult> now = new HashMap<>();
            for (ListenerResult result : results) {
                String key = result.service() + " " + result.requested();
                if (!result.equals(listeners.get(key))) {
                    tell(result);
                }
                now.put(key, result);
                failures |= result instanceof ListenerResult.Failed;
            }
            listeners.clear();
            listeners.putAll(now);
            if (failures) {
                loops.core()
                        .schedule(
                                () -> {
                                    if (attempt == this
                                            && state == State.UP
                                            && revision == answered) {
                                        send(new Publish(revision, services));
                                    }
                                },
                                ASK_AGAIN_AFTER.toMillis(),
                                TimeUnit.MILLISECONDS);
            }
        }

        private void tell(ListenerResult result) {
            switch (result) {
                case ListenerResult.Opened(var service, var requested, var bound) ->
                        LOG.atInfo()
                                .addKeyValue("service", service)
                                .addKeyValue("gateway", gateway)
                                .addKeyValue("requested", requested)
                                .addKeyValue("bound", bound)
                                .log("listener opened");
                case ListenerResult.Failed(var service, var requested, var why) ->
                        LOG.atWarn()
                                .addKeyValue("service", service)
                                .addKeyValue("gateway", gateway)
                                .addKeyValue("requested", requested)
                                .addKeyValue("why", why)
                                .log("listener failed");
            }
        }

        @Override
        public void onClosed(String why) {
            lost(this, "gateway " + gateway + ": " + why);
        }
    }
}
