package io.sallyport.gateway.link;

import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.process.Software;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.Loops;
import io.sallyport.relay.control.ControlChannel;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All agents. Connections are handed in on their own loops; everything else happens on the core
 * loop.
 */
public final class AgentLinks {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLinks.class);
    private static final Duration RETRY_AFTER_REFUSAL = Duration.ofSeconds(30);

    /** Rounds of tickets that ran out before the agent is told to come anew. */
    private static final int ROUNDS_WITHOUT_CHANNEL_MAX = 2;

    private static final Publish NOTHING = new Publish(0, List.of());

    private final Loops loops;
    private final LoopLoads loads;
    private final AgentEvents events;
    private final AtomicInteger dataChannels = new AtomicInteger();
    private final Map<String, AgentLink> byName = new HashMap<>();
    private final Map<String, Publish> published = new HashMap<>();
    private final DataChannel.Observer dataChannelEvents = new DataChannelEvents();
    private GatewayConfig config;

    public AgentLinks(Loops loops, LoopLoads loads, GatewayConfig config, AgentEvents events) {
        this.loops = loops;
        this.loads = loads;
        this.config = config;
        this.events = events;
        loops.core().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    public Collection<AgentLink> all() {
        return byName.values();
    }

    /**
     * Applies a new policy: agents that may no longer come are sent away, and every listener is
     * judged anew.
     */
    public void reload(GatewayConfig config) {
        this.config = config;
        for (AgentLink link : List.copyOf(byName.values())) {
            var control = link.control();
            if (control != null && !config.policy().allowsAgent(link.name())) {
                control.close(
                        CloseReason.NOT_ALLOWED, notAllowed(link.name()), RETRY_AFTER_REFUSAL);
                forget(link);
            } else {
                publish(link, published.getOrDefault(link.name(), NOTHING));
            }
        }
    }

    /** Whether an agent came from there, and is here or expected back. */
    public boolean knows(InetAddress address) {
        return byName.values().stream().anyMatch(link -> address.equals(link.host()));
    }

    /** Data channels, whether they carry a session or not. */
    public int dataChannels() {
        return dataChannels.get();
    }

    /** Says goodbye to every agent. */
    public void close() {
        for (AgentLink link : byName.values()) {
            var control = link.control();
            if (control != null) {
                control.close(CloseReason.STOPPING, "the gateway stops", Duration.ofSeconds(1));
            }
        }
    }

    /** A control channel's TLS handshake is done; it says hello next. */
    public void controlConnected(TcpChannel channel, String agent, Runnable proved) {
        var greeting = new Greeting(channel, agent, proved);
        greeting.control =
                ControlChannel.install(
                        channel,
                        ControlCodec::decodeFromAgent,
                        config.heartbeat(),
                        loops.core(),
                        greeting);
    }

    /**
     * A data channel has come: it shows a ticket next.
     *
     * @param agent whom its certificate names; null on a plain one
     */
    public void dataConnected(
            TcpChannel channel, ChannelKind kind, @Nullable String agent, Runnable proved) {
        dataChannels.incrementAndGet();
        var _ = new DataChannel(channel, kind, agent, proved, dataChannelEvents);
    }

    private void offered(DataChannel channel, Ticket ticket) {
        AgentLink owner = ownerOf(channel, ticket);
        if (owner == null) {
            channel.retire();
        } else {
            channel.belongsTo(owner);
            owner.offered(channel.kind(), channel);
        }
    }

    /** Whose ticket it is; taken with that. */
    private @Nullable AgentLink ownerOf(DataChannel channel, Ticket ticket) {
        String agent = channel.agent();
        Collection<AgentLink> candidates = byName.values();
        if (agent != null) {
            AgentLink named = byName.get(agent);
            candidates = named == null ? List.of() : List.of(named);
        }
        for (AgentLink link : candidates) {
            if (link.redeem(channel.kind(), ticket)) {
                return link;
            }
        }
        return null;
    }

    private void offeredAgain(DataChannel channel) {
        String agent = channel.agent();
        AgentLink link = agent == null ? null : byName.get(agent);
        if (link == null || !link.isPresent() || link.control() != channel.control()) {
            channel.retire();
        } else {
            link.returned(channel.kind(), channel);
        }
    }

    private void gone(DataChannel channel) {
        String agent = channel.agent();
        AgentLink link = agent == null ? null : byName.get(agent);
        if (link != null) {
            link.gone(channel.kind(), channel);
        }
    }

    /** Hears from the data loops. */
    private final class DataChannelEvents implements DataChannel.Observer {
        @Override
        public void onOffered(DataChannel channel, Ticket ticket, boolean again) {
            if (again) {
                loops.onCoreUnhurried(() -> offeredAgain(channel));
            } else {
                loops.core().execute(() -> offered(channel, ticket));
            }
        }

        @Override
        public void onGone(DataChannel channel) {
            dataChannels.decrementAndGet();
            loops.core().execute(() -> gone(channel));
        }
    }

    private void publish(AgentLink link, Publish document) {
        published.put(link.name(), document);
        events.onPublished(
                link,
                document.services(),
                results -> link.send(new Published(document.revision(), results)));
        link.fill(kinds(link, document));
    }

    private void left(AgentLink link, String why) {
        LOG.atWarn()
                .addKeyValue("agent", link.name())
                .addKeyValue("why", why)
                .addKeyValue("grace", config.limits().agentGrace().toSeconds() + " s")
                .log("agent lost");
        var grace =
                loops.core()
                        .schedule(
                                () -> forget(link),
                                config.limits().agentGrace().toMillis(),
                                TimeUnit.MILLISECONDS);
        link.left(why, grace);
        events.onLeft(link);
    }

    private void forget(AgentLink link) {
        if (byName.remove(link.name(), link)) {
            published.remove(link.name());
            LOG.atWarn()
                    .addKeyValue("agent", link.name())
                    .log("agent forgotten, its listeners are closed");
            events.onForgotten(link);
        }
    }

    private void tick() {
        for (AgentLink link : List.copyOf(byName.values())) {
            var control = link.control();
            if (control != null
                    && link.tick(kinds(link, published.getOrDefault(link.name(), NOTHING)))
                            >= ROUNDS_WITHOUT_CHANNEL_MAX) {
                String why =
                        "data channels do not come although the control channel lives: "
                                + link.lastError();
                LOG.atError()
                        .addKeyValue("agent", link.name())
                        .addKeyValue("why", why)
                        .log("data path failed");
                control.close(CloseReason.DATA_PATH_FAILED, why, Duration.ofSeconds(1));
            }
        }
    }

    /** The kinds of data channels that the agent's sessions need. */
    private static Set<ChannelKind> kinds(AgentLink link, Publish document) {
        var kinds = EnumSet.noneOf(ChannelKind.class);
        if (link.isForwarding()) {
            kinds.add(ChannelKind.ENCRYPTED);
        }
        document.services().forEach(service -> kinds.add(service.kind()));
        return kinds;
    }

    private static String notAllowed(String agent) {
        return "the gateway's policy.agents does not name " + agent;
    }

    /**
     * One control channel, from its hello on. A newer one of the same agent takes the link over at
     * once.
     */
    private final class Greeting implements ControlChannel.Listener<FromAgent> {
        private final TcpChannel channel;
        private final String agent;
        private final Runnable proved;
        private @Nullable ControlChannel<FromAgent> control;
        private @Nullable AgentLink link;
        private boolean greeted;

        Greeting(TcpChannel channel, String agent, Runnable proved) {
            this.channel = channel;
            this.agent = agent;
            this.proved = proved;
        }

        @Override
        public void onMessage(FromAgent message) {
            AgentLink current = link;
            if (current == null) {
                if (message instanceof Hello hello && !greeted) {
                    greeted = true;
                    welcome(hello);
                } else {
                    close(CloseReason.PROTOCOL_ERROR, "the first message must be a hello");
                }
                return;
            }
            if (current.control() != control) {
                return;
            }
            switch (message) {
                case Hello _ -> close(CloseReason.PROTOCOL_ERROR, "a second hello");
                case Publish document -> {
                    LOG.atInfo()
                            .addKeyValue("agent", agent)
                            .addKeyValue("revision", document.revision())
                            .addKeyValue("services", document.services().size())
                            .log("services published");
                    publish(current, document);
                }
                case DialFailed(var kind, var tickets, var why) -> {
                    LOG.atWarn()
                            .addKeyValue("agent", agent)
                            .addKeyValue("why", why)
                            .log("data channel failed");
                    current.dialFailed(kind, tickets, why);
                }
                case Listen asked -> events.onListen(current, asked);
                case ConnectPartner asked -> events.onConnectPartner(current, asked);
                case Connect asked -> events.onConnect(current, asked);
                case Bind asked -> events.onBind(current, asked);
                case Withdraw(var withdrawn) -> events.onWithdraw(current, withdrawn);
                case Goodbye(var reason, var why, _) ->
                        LOG.atInfo()
                                .addKeyValue("agent", agent)
                                .addKeyValue("reason", reason)
                                .addKeyValue("why", why)
                                .log("agent says goodbye");
                case Ping _, Pong _ ->
                        throw new IllegalStateException("answered by the control channel");
            }
        }

        private void welcome(Hello hello) {
            if (control == null) {
                return;
            }
            if (!config.policy().allowsAgent(agent)) {
                LOG.atWarn().addKeyValue("agent", agent).log("agent refused by policy.agents");
                close(CloseReason.NOT_ALLOWED, notAllowed(agent));
                return;
            }
            proved.run();
            // Every message to the agent comes from the core loop.
            ControlChannel<FromAgent> greeting = control;
            greeting.moveTo(loops.core(), () -> welcome(hello, greeting));
        }

        private void welcome(Hello hello, ControlChannel<FromAgent> control) {
            var found =
                    byName.computeIfAbsent(
                            agent,
                            name -> new AgentLink(name, config.limits().warmChannels(), loads));
            var replaced = found.control();
            var openingKey = OpeningKey.random();
            boolean restarted =
                    found.came(
                            control,
                            openingKey,
                            channel.remoteAddress(),
                            hello.software(),
                            hello.instance());
            link = found;
            if (replaced != null) {
                replaced.close(
                        CloseReason.REPLACED,
                        "a newer connection of agent "
                                + agent
                                + " from "
                                + found.address()
                                + " took over",
                        RETRY_AFTER_REFUSAL);
            }
            LOG.atInfo()
                    .addKeyValue("agent", agent)
                    .addKeyValue("address", found.address())
                    .addKeyValue("software", hello.software())
                    .addKeyValue("replaced", replaced != null)
                    .log("agent connected");
            if (replaced != null) {
                events.onLeft(found);
            }
            if (restarted) {
                events.onRestarted(found);
            }
            control.send(
                    new Welcome(
                            Protocol.commonMinor(Protocol.MINOR, hello.minor()),
                            config.name(),
                            Software.nameAndVersion(),
                            openingKey));
        }

        private void close(CloseReason reason, String why) {
            if (control != null) {
                control.close(reason, why, RETRY_AFTER_REFUSAL);
            }
        }

        @Override
        public void onClosed(String why) {
            if (link != null && link.control() == control) {
                left(link, why);
            }
        }
    }
}
