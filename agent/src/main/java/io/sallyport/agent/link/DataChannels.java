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
import io.sallyport.protocol.OpeningKey;
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
 * The data channels that one gateway asks for over one control channel: dials them, and knows which
 * are offered. Used on the core loop only; each channel lives on a data loop.
 */
final class DataChannels implements DataChannel.Observer {
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
    private final String gateway;
    private final Names address;
    private final OpeningKey openingKey;
    private final Link link;
    private final TicketQueue queue = new TicketQueue();
    private final Set<Attempt> dialing = new HashSet<>();
    private final Map<Ticket, DataChannel> warm = new HashMap<>();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final Seldom failures = new Seldom(Duration.ofMinutes(1));
    private final Future<?> ticker;
    private int open;
    private int failedInARow;
    private long dialed;
    private boolean ended;
    private volatile boolean mayReuse;

    /**
     * @param target the gateway as configured: its certificate must name that host
     * @param address where its control channel goes, so that data channels meet the same process
     * @param openingKey came over that control channel
     */
    DataChannels(
            LinkContext context, Target target, Names address, OpeningKey openingKey, Link link) {
        this.context = context;
        this.target = target;
        gateway = target.hostPort().toString();
        this.address = address;
        this.openingKey = openingKey;
        this.link = link;
        mayReuse = context.config().reuse();
        ticker = context.loops().core().scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Channels that are offered and have no session. */
    int warm() {
        return warm.size();
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
            if (open + dialing.size() + queue.size() < CHANNELS_MAX) {
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

    /** Closes every channel that has no session. */
    void end() {
        stopDialing();
        warm.values().forEach(DataChannel::close);
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
        mayReuse = false;
        ticker.cancel(false);
        queue.clear();
        dialing.forEach(Attempt::cancel);
        dialing.clear();
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
        mayReuse = context.config().reuse();
    }

    private void fail(ChannelKind kind, List<Ticket> tickets, String why) {
        link.send(new DialFailed(kind, tickets, why));
        if (failures.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("gateway", gateway)
                    .addKeyValue("error", why)
                    .addKeyValue("unsaid", failures.unsaid())
                    .log("data channel not brought");
        }
    }

    @Override
    public boolean mayReuse() {
        return mayReuse;
    }

    @Override
    public void onOffered(DataChannel channel, Ticket ticket) {
        if (ended) {
            channel.close();
        } else {
            warm.put(ticket, channel);
        }
    }

    @Override
    public void onOpened(Ticket ticket, SessionOpening opening, SessionChannel session) {
        context.sessions()
                .open(
                        opening,
                        session,
                        () -> {
                            warm.remove(ticket);
                            quietIfNoneWarm();
                        });
    }

    @Override
    public void onGone(DataChannel channel, @Nullable Ticket offeredWith) {
        open--;
        warm.remove(offeredWith, channel);
        quietIfNoneWarm();
    }

    private void dialed(DataChannel channel, Attempt attempt) {
        open++;
        failedInARow = 0;
        if (dialing.remove(attempt)) {
            dialed++;
            dialNext();
        } else {
            channel.close();
        }
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
            var loop = context.loops().next();
            Duration patience = context.config().connectTimeout();
            dial =
                    switch (kind) {
                        case ENCRYPTED ->
                                TlsDial.start(
                                        loop,
                                        address,
                                        target,
                                        context.tls().data(),
                                        patience,
                                        this);
                        case PLAIN -> TcpDial.start(loop, address, target, patience, this);
                    };
        }

        void cancel() {
            if (dial != null) {
                dial.cancel();
            }
        }

        @Override
        public void connected(TcpChannel connection) {
            var channel =
                    new DataChannel(
                            connection,
                            kind,
                            openingKey,
                            gateway,
                            context.loops(),
                            link::send,
                            DataChannels.this);
            context.loops().core().execute(() -> dialed(channel, this));
            channel.offer(ticket);
        }

        @Override
        public void failed(DialFault fault) {
            context.loops().core().execute(() -> dialFailed(this, fault.why()));
        }
    }
}
