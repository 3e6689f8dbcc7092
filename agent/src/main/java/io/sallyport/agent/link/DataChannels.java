package io.sallyport.agent.link;

import io.netty.util.concurrent.Future;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.dial.TlsDial;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data channels that one gateway asks for over one control channel: dials them, offers them,
 * and parks those that may carry a next session. Used on the core loop only; each channel lives on
 * a data loop.
 */
final class DataChannels implements FramedDataChannel.Observer {
    private static final Logger LOG = LoggerFactory.getLogger(DataChannels.class);

    private static final int DIALS_AT_ONCE = 64;

    /** Data channels in all: twice the sessions that a gateway takes by default. */
    private static final int CHANNELS_MAX = 20_000;

    /** Failed dials in a row after which it is not by chance. */
    private static final int FAILURES_MAX = 5;

    /** How long a gateway has to close what was offered to it before the agent said goodbye. */
    private static final Duration WIND_DOWN = Duration.ofSeconds(2);

    /** What data channels need of their link. All on the core loop. */
    interface Link {
        void send(ControlMessage message);

        void onDataPathFailed(String why);
    }

    private final LinkContext context;
    private final Target target;
    private final Names address;
    private final Link link;
    private final TicketQueue queue = new TicketQueue();
    private final Set<Attempt> dialing = new HashSet<>();
    private final Set<FramedDataChannel> warm = new HashSet<>();
    private final Parking<FramedDataChannel> parking = new Parking<>();
    private final Map<Ticket, RawDataChannel> warmRaw = new HashMap<>();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final Seldom failures = new Seldom(Duration.ofMinutes(1));
    private final Future<?> ticker;
    private int open;
    private int failedInARow;
    private long dialed;
    private boolean ended;

    /**
     * @param target the gateway as configured: its certificate must name that host
     * @param address where its control channel goes, so that data channels meet the same process
     */
    DataChannels(LinkContext context, Target target, Names address, Link link) {
        this.context = context;
        this.target = target;
        this.address = address;
        this.link = link;
        ticker = context.loops().core().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Channels that are offered and have no session. */
    int warm() {
        return warm.size() + warmRaw.size();
    }

    int parked() {
        return parking.size();
    }

    /** Connections made since the control channel is up. */
    long dialed() {
        return dialed;
    }

    /** Brings one channel for each ticket. */
    void bring(ChannelKind kind, List<Ticket> tickets) {
        if (ended) {
            return;
        }
        List<Ticket> tooMany = new ArrayList<>();
        for (Ticket ticket : tickets) {
            FramedDataChannel parked = kind == ChannelKind.FRAMED ? parking.take() : null;
            if (parked != null) {
                offer(parked, ticket);
            } else if (open + dialing.size() + queue.size() < CHANNELS_MAX) {
                queue.add(kind, ticket, System.nanoTime());
            } else {
                tooMany.add(ticket);
            }
        }
        if (!tooMany.isEmpty()) {
            fail(kind, tooMany, "the agent has " + CHANNELS_MAX + " data channels already");
        }
        dialNext();
    }

    /** A session is named on a raw channel that was offered. */
    void open(OpenRaw message) {
        RawDataChannel channel = warmRaw.remove(message.ticket());
        if (channel == null) {
            link.send(
                    new RawEnded(
                            message.opening().session(),
                            EndReason.CHANNEL_LOST,
                            "the data channel was lost before its session was opened"));
            return;
        }
        channel.named();
        context.sessions().open(message.opening(), channel);
    }

    /** Closes every channel that has no session. */
    void end() {
        stopDialing();
        warm.forEach(FramedDataChannel::close);
        warm.clear();
        quiet.complete(null);
    }

    /**
     * Dials no more, and serves the sessions that are opened before the gateway has heard of it.
     *
     * @return completes when no session can come any more
     */
    CompletableFuture<Void> windDown() {
        stopDialing();
        context.loops().core().schedule(this::end, WIND_DOWN.toMillis(), TimeUnit.MILLISECONDS);
        quietIfNoneWarm();
        return quiet;
    }

    private void stopDialing() {
        ended = true;
        ticker.cancel(false);
        queue.clear();
        dialing.forEach(Attempt::cancel);
        dialing.clear();
        parking.clear().forEach(FramedDataChannel::close);
        List.copyOf(warmRaw.values()).forEach(RawDataChannel::close);
        warmRaw.clear();
    }

    private void quietIfNoneWarm() {
        if (ended && warm.isEmpty()) {
            quiet.complete(null);
        }
    }

    private void dialNext() {
        while (dialing.size() < DIALS_AT_ONCE) {
            TicketQueue.Entry next = queue.poll();
            if (next == null) {
                return;
            }
            var attempt = new Attempt(next.kind(), next.ticket());
            dialing.add(attempt);
            attempt.start();
        }
    }

    private void tick() {
        long now = System.nanoTime();
        queue.expire(now)
                .forEach(
                        (kind, tickets) -> fail(kind, tickets, "the agent could not dial in time"));
        parking.expire(now).forEach(FramedDataChannel::close);
    }

    private void offer(FramedDataChannel channel, Ticket ticket) {
        warm.add(channel);
        channel.offer(ticket);
    }

    private void fail(ChannelKind kind, List<Ticket> tickets, String why) {
        link.send(new DialFailed(kind, tickets, why));
        if (failures.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("gateway", target.hostPort())
                    .addKeyValue("error", why)
                    .addKeyValue("unsaid", failures.unsaid())
                    .log("data channel not brought");
        }
    }

    @Override
    public void onOpened(
            FramedDataChannel channel, SessionOpening opening, SessionChannel session) {
        warm.remove(channel);
        context.sessions().open(opening, session);
        quietIfNoneWarm();
    }

    @Override
    public void onCompleted(FramedDataChannel channel, boolean reusable) {
        if (ended || !reusable || !context.config().reuse()) {
            channel.close();
            return;
        }
        TicketQueue.Entry waiting = queue.poll(ChannelKind.FRAMED);
        if (waiting != null) {
            offer(channel, waiting.ticket());
        } else if (!parking.park(channel, System.nanoTime())) {
            channel.close();
        }
    }

    @Override
    public void onGone(FramedDataChannel channel) {
        open--;
        warm.remove(channel);
        parking.remove(channel);
        quietIfNoneWarm();
    }

    private void rawGone(Ticket ticket, RawDataChannel channel) {
        open--;
        warmRaw.remove(ticket, channel);
    }

    private void offered(FramedDataChannel channel, Attempt attempt) {
        if (dialed(attempt)) {
            warm.add(channel);
        } else {
            channel.close();
        }
    }

    private void offered(RawDataChannel channel, Attempt attempt) {
        // What waits for the channel's end lives as long as it: the attempt must not.
        Ticket ticket = attempt.ticket;
        channel.whenGone(() -> context.loops().core().execute(() -> rawGone(ticket, channel)));
        if (dialed(attempt)) {
            warmRaw.put(ticket, channel);
        } else {
            channel.close();
        }
    }

    private boolean dialed(Attempt attempt) {
        open++;
        failedInARow = 0;
        boolean wanted = dialing.remove(attempt);
        if (wanted) {
            dialed++;
            dialNext();
        }
        return wanted;
    }

    private void dialFailed(Attempt attempt, String why) {
        if (!dialing.remove(attempt)) {
            return;
        }
        fail(attempt.kind, List.of(attempt.ticket), why);
        failedInARow++;
        if (failedInARow >= FAILURES_MAX) {
            link.onDataPathFailed(
                    "data channels can't be dialed although the control channel lives: " + why);
        } else {
            dialNext();
        }
    }

    /** The dialing of one channel. Its outcome comes on the channel's loop. */
    private final class Attempt implements TcpDial.Outcome {
        private final ChannelKind kind;
        private final Ticket ticket;
        private @Nullable Dialing dial;

        Attempt(ChannelKind kind, Ticket ticket) {
            this.kind = kind;
            this.ticket = ticket;
        }

        void start() {
            var loop = context.loops().nextData();
            Duration patience = context.config().connectTimeout();
            dial =
                    switch (kind) {
                        case FRAMED ->
                                TlsDial.start(
                                        loop,
                                        address,
                                        target,
                                        context.tls().data(),
                                        patience,
                                        this);
                        case RAW -> TcpDial.start(loop, address, target, patience, this);
                    };
        }

        void cancel() {
            if (dial != null) {
                dial.cancel();
            }
        }

        // The core hears of the channel before the gateway does, and so before its session.
        @Override
        public void connected(TcpChannel connection) {
            String gateway = target.hostPort().toString();
            switch (kind) {
                case FRAMED -> {
                    var channel =
                            new FramedDataChannel(
                                    connection,
                                    gateway,
                                    context.loops().core(),
                                    link::send,
                                    DataChannels.this);
                    context.loops().core().execute(() -> offered(channel, this));
                    channel.offer(ticket);
                }
                case RAW -> {
                    var channel = new RawDataChannel(connection, gateway, link::send);
                    context.loops().core().execute(() -> offered(channel, this));
                    channel.offer(ticket);
                }
            }
        }

        @Override
        public void failed(DialFault fault) {
            context.loops().core().execute(() -> dialFailed(this, fault.why()));
        }
    }
}
