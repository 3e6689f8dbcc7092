package io.sallyport.agent.link;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.sallyport.agent.Dialer;
import io.sallyport.agent.session.OriginSessions;
import io.sallyport.process.HostPort;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.RawPreamble;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.Loops;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data channels to one gateway: dials them when it asks, keeps TLS connections whose session
 * ended in order for a next one, and hands each opened session on. Used on the core loop, but for
 * what happens on the channels themselves.
 */
final class DataChannels {
    private static final Logger LOG = LoggerFactory.getLogger(DataChannels.class);

    private static final int DIALS_AT_ONCE_MAX = 64;
    private static final int PARKED_MAX = 256;
    private static final Duration PARKED_FOR_MAX = Duration.ofSeconds(60);
    private static final int SESSIONS_PER_CONNECTION_MAX = 1_000;
    private static final Duration CONNECTION_AGE_MAX = Duration.ofMinutes(10);
    private static final int FAILURES_IN_A_ROW_MAX = 5;

    private final Loops loops;
    private final HostPort gateway;
    private final OriginSessions sessions;
    private final Link link;
    private final ArrayDeque<Asked> queue = new ArrayDeque<>();
    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private final Map<Ticket, WarmRaw> warmRaw = new HashMap<>();
    private final Seldom failures = new Seldom(Duration.ofMinutes(1));
    private volatile LinkSettings settings;
    private int dialing;
    private int failuresInARow;
    private long dials;
    private int generation;

    /** What the data channels need of the link they belong to. */
    interface Link {
        void send(ControlMessage message);

        /** The control channel lives but data channels don't come through. */
        void dataPathFailed(String why);
    }

    private record Asked(ChannelKind kind, Ticket ticket, long sinceNanos) {}

    /**
     * A raw channel that waits for its session; bytes that come before the session is named wait in
     * its leg.
     */
    private record WarmRaw(TcpChannel channel, SocketLeg leg) {}

    private record Parked(FramedChannel channel, long sinceNanos) {}

    DataChannels(
            Loops loops,
            HostPort gateway,
            LinkSettings settings,
            OriginSessions sessions,
            Link link) {
        this.loops = loops;
        this.gateway = gateway;
        this.settings = settings;
        this.sessions = sessions;
        this.link = link;
    }

    void reload(LinkSettings settings) {
        this.settings = settings;
    }

    /** TLS and TCP connections made so far. */
    long dials() {
        return dials;
    }

    int parked() {
        return parked.size();
    }

    /** The gateway asks for one data channel per ticket. */
    void asked(ChannelKind kind, List<Ticket> tickets) {
        for (Ticket ticket : tickets) {
            if (kind != ChannelKind.FRAMED || !offerParked(ticket)) {
                queue.add(new Asked(kind, ticket, System.nanoTime()));
            }
        }
        dialNext();
    }

    private boolean offerParked(Ticket ticket) {
        for (Parked last = parked.pollLast(); last != null; last = parked.pollLast()) {
            FramedChannel channel = last.channel();
            if (channel.isUsable() && channel.age().compareTo(CONNECTION_AGE_MAX) < 0) {
                channel.loop().execute(() -> channel.offer(ticket));
                return true;
            }
            channel.loop().execute(channel::close);
        }
        return false;
    }

    private void dialNext() {
        while (dialing < DIALS_AT_ONCE_MAX && !queue.isEmpty()) {
            Asked asked = queue.poll();
            if (System.nanoTime() - asked.sinceNanos() < Protocol.TICKET_LIFETIME.toNanos()) {
                dialing++;
                dials++;
                switch (asked.kind()) {
                    case FRAMED -> dialFramed(asked.ticket());
                    case RAW -> dialRaw(asked.ticket());
                }
            }
        }
    }

    private void dialFramed(Ticket ticket) {
        int dialedIn = generation;
        SslContext tls = settings.dataTls();
        var outcome =
                new TlsStart.Outcome() {
                    @Override
                    public void secured(TcpChannel channel) {
                        var framed =
                                new FramedChannel(
                                        channel, "the gateway " + gateway, new Guest(dialedIn));
                        channel.pipeline().addLast(framed);
                        framed.offer(ticket);
                        loops.core().execute(() -> succeeded());
                    }

                    @Override
                    public void failed(String what) {
                        loops.core()
                                .execute(() ->
                                        DataChannels.this.failed(
                                                ChannelKind.FRAMED, ticket, what, dialedIn));
                    }
                };
        connect(
                channel -> {
                    channel.config().setAutoRead(true);
                    TlsStart.install(
                            channel,
                            tls,
                            gateway,
                            Protocol.ALPN_DATA,
                            settings.connectTimeout(),
                            outcome);
                },
                _ -> {},
                ChannelKind.FRAMED,
                ticket);
    }

    private void dialRaw(Ticket ticket) {
        int dialedIn = generation;
        connect(
                TcpChannel::allowHalfClose,
                channel -> {
                    var leg =
                            new SocketLeg(
                                    channel,
                                    EndReason.CHANNEL_LOST,
                                    "the data channel to gateway " + gateway);
                    channel.pipeline().addLast(leg);
                    var preamble = channel.alloc().buffer(RawPreamble.BYTES);
                    RawPreamble.encode(ticket, preamble);
                    loops.core()
                            .execute(() -> {
                                succeeded();
                                if (dialedIn != generation) {
                                    preamble.release();
                                    channel.close();
                                    return;
                                }
                                var warm = new WarmRaw(channel, leg);
                                warmRaw.put(ticket, warm);
                                channel.closeFuture()
                                        .addListener(_ ->
                                                loops.core()
                                                        .execute(() ->
                                                                warmRaw.remove(ticket, warm)));
                                channel.writeAndFlush(preamble);
                                channel.config().setAutoRead(true);
                            });
                },
                ChannelKind.RAW,
                ticket);
    }

    private void connect(
            Consumer<TcpChannel> initialize,
            Consumer<TcpChannel> connected,
            ChannelKind kind,
            Ticket ticket) {
        int dialedIn = generation;
        EventLoop loop = loops.nextData();
        Dialer.connect(
                gateway,
                loop,
                settings.connectTimeout(),
                initialize,
                new Dialer.Outcome() {
                    @Override
                    public void connected(TcpChannel channel) {
                        connected.accept(channel);
                    }

                    @Override
                    public void failed(Dialer.Failure failure) {
                        loops.core()
                                .execute(() ->
                                        DataChannels.this.failed(
                                                kind, ticket, failure.what(), dialedIn));
                    }
                });
    }

    private void succeeded() {
        dialing--;
        failuresInARow = 0;
        dialNext();
    }

    private void failed(ChannelKind kind, Ticket ticket, String what, int dialedIn) {
        dialing--;
        if (dialedIn == generation) {
            String why = "gateway " + gateway + " " + what;
            failuresInARow++;
            link.send(new DialFailed(kind, List.of(ticket), why));
            if (failures.maySpeak()) {
                LOG.atWarn()
                        .addKeyValue("gateway", gateway)
                        .addKeyValue("kind", kind)
                        .addKeyValue("why", why)
                        .addKeyValue("unsaid", failures.unsaid())
                        .log("data channel failed");
            }
            if (failuresInARow >= FAILURES_IN_A_ROW_MAX) {
                failuresInARow = 0;
                link.dataPathFailed(why);
            }
        }
        dialNext();
    }

    /** The gateway names the session of a raw channel. */
    void openRaw(Ticket ticket, SessionOpening opening) {
        WarmRaw warm = warmRaw.remove(ticket);
        if (warm == null) {
            link.send(
                    new RawEnded(
                            opening.session(),
                            EndReason.CHANNEL_LOST,
                            "the agent has no such data channel any more"));
            return;
        }
        warm.channel()
                .eventLoop()
                .execute(() ->
                        sessions.open(
                                opening,
                                gateway,
                                warm.leg(),
                                () -> {},
                                (reason, why) ->
                                        loops.core()
                                                .execute(() ->
                                                        link.send(
                                                                new RawEnded(
                                                                        opening.session(),
                                                                        reason,
                                                                        why)))));
    }

    /** Once a second: lets go of connections that nobody needed. */
    void tick() {
        long now = System.nanoTime();
        while (!parked.isEmpty()
                && now - parked.getFirst().sinceNanos() >= PARKED_FOR_MAX.toNanos()) {
            FramedChannel oldest = parked.removeFirst().channel();
            oldest.loop().execute(oldest::close);
        }
    }

    /** The control channel is gone: what is not a session yet will never be one. */
    void reset() {
        generation++;
        failuresInARow = 0;
        queue.clear();
        parked.forEach(entry -> entry.channel().loop().execute(entry.channel()::close));
        parked.clear();
        warmRaw.values().forEach(warm -> warm.channel().close());
        warmRaw.clear();
    }

    private void park(FramedChannel channel, int parkedIn) {
        if (parkedIn == generation && parked.size() < PARKED_MAX && !sessions.isDraining()) {
            parked.addLast(new Parked(channel, System.nanoTime()));
        } else {
            channel.loop().execute(channel::close);
        }
    }

    /** One TLS connection, seen from the agent. */
    private final class Guest implements FramedChannel.Owner {
        private final int bornIn;

        Guest(int bornIn) {
            this.bornIn = bornIn;
        }

        @Override
        public void onOpen(
                FramedChannel channel, SessionOpening opening, FramedChannel.FramedLeg leg) {
            sessions.open(opening, gateway, leg, leg::confirmOpened, (_, _) -> {});
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {
            boolean again =
                    settings.reuse()
                            && channel.sessionsCarried() < SESSIONS_PER_CONNECTION_MAX
                            && channel.age().compareTo(CONNECTION_AGE_MAX) < 0;
            if (again) {
                loops.core().execute(() -> park(channel, bornIn));
            } else {
                channel.close();
            }
        }

        @Override
        public void onClosed(FramedChannel channel, String why) {
            loops.core().execute(() -> parked.removeIf(entry -> entry.channel() == channel));
        }
    }
}
