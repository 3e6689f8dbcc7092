package io.sallyport.gateway.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
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
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel;
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
    private final AgentEvents events;
    private final AtomicInteger framedConnections = new AtomicInteger();
    private final Map<String, AgentLink> byName = new HashMap<>();
    private final Map<String, Publish> published = new HashMap<>();
    private GatewayConfig config;

    public AgentLinks(Loops loops, GatewayConfig config, AgentEvents events) {
        this.loops = loops;
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

    /** TLS connections for framed sessions, whether they carry one or not. */
    public int framedConnections() {
        return framedConnections.get();
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

    /** A framed data channel's TLS handshake is done; it shows a ticket next. */
    public void dataConnected(TcpChannel channel, String agent, Runnable proved) {
        framedConnections.incrementAndGet();
        channel.pipeline()
                .addLast(
                        new FramedChannel(
                                channel, "agent " + agent, new FramedGuest(agent, proved)));
    }

    /** A raw data channel showed a ticket. */
    public void rawConnected(TcpChannel channel, Ticket ticket, Runnable proved) {
        channel.allowHalfClose();
        var offer = new Offer.Raw(channel, ticket);
        channel.pipeline().addLast(new WarmRaw(offer));
        loops.core()
                .execute(() -> {
                    for (AgentLink link : byName.values()) {
                        if (link.redeem(ChannelKind.RAW, ticket)) {
                            proved.run();
                            link.offered(ChannelKind.RAW, offer);
                            return;
                        }
                    }
                    channel.close();
                });
    }

    private void framedOffered(
            String agent, FramedChannel channel, Ticket ticket, Runnable proved) {
        AgentLink link = byName.get(agent);
        if (link != null && link.redeem(ChannelKind.FRAMED, ticket)) {
            proved.run();
            link.offered(ChannelKind.FRAMED, new Offer.Framed(channel));
        } else {
            channel.loop().execute(channel::close);
        }
    }

    private void gone(ChannelKind kind, Offer offer) {
        byName.values().forEach(link -> link.gone(kind, offer));
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
        if (link.isFramedWanted()) {
            kinds.add(ChannelKind.FRAMED);
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

        Greeting(TcpChannel channel, String agent, Runnable proved) {
            this.channel = channel;
            this.agent = agent;
            this.proved = proved;
        }

        @Override
        public void onMessage(FromAgent message) {
            AgentLink current = link;
            if (current == null) {
                if (message instanceof Hello hello) {
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
                case RawEnded ended -> events.onRawEnded(current, ended);
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
            var found =
                    byName.computeIfAbsent(
                            agent, name -> new AgentLink(name, config.limits().warmChannels()));
            var replaced = found.control();
            boolean restarted =
                    found.came(
                            control, channel.remoteAddress(), hello.software(), hello.instance());
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
                            Software.nameAndVersion()));
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

    /** One TLS connection that carries framed sessions, seen from the gateway. */
    private final class FramedGuest implements FramedChannel.Owner {
        private final String agent;
        private final Runnable proved;
        private final ParkedLifetime parked = new ParkedLifetime();

        FramedGuest(String agent, Runnable proved) {
            this.agent = agent;
            this.proved = proved;
        }

        @Override
        public void onReady(FramedChannel channel, Ticket ticket) {
            parked.end();
            loops.core().execute(() -> framedOffered(agent, channel, ticket, proved));
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {
            parked.begin(channel);
        }

        @Override
        public void onClosed(FramedChannel channel, String why) {
            parked.close();
            framedConnections.decrementAndGet();
            loops.core().execute(() -> gone(ChannelKind.FRAMED, new Offer.Framed(channel)));
        }
    }

    /**
     * Keeps a raw data channel that waits for its session: nothing may come on it, and a dead one
     * leaves the pool.
     */
    private final class WarmRaw extends ChannelInboundHandlerAdapter {
        private final Offer.Raw offer;

        WarmRaw(Offer.Raw offer) {
            this.offer = offer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ctx.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            loops.core().execute(() -> gone(ChannelKind.RAW, offer));
        }
    }
}
