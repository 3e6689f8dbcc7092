package io.sallyport.agent.link;

import io.netty.buffer.ByteBuf;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.SealedOpen;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.PlainPreamble;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.ChannelOwner;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.FramedChannel.FramedLeg;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection to a gateway that carries sessions, one after the other. */
final class DataChannel implements ChannelOwner {
    /** Sessions that one connection may carry. */
    private static final int SESSIONS_MAX = 1000;

    /** So that keys are changed, and connections spread anew, now and then. */
    private static final Duration AGE_MAX = Duration.ofMinutes(10);

    /** Hears what becomes of the channel. */
    interface Observer {
        /** Whether channels may be offered again after a session. Asked on any thread. */
        boolean mayReuse();

        /** On the core loop, before what comes of it. */
        void onOffered(DataChannel channel, Ticket ticket);

        /** The gateway opens a session on the channel, offered with the ticket. On its loop. */
        void onOpened(Ticket ticket, SessionOpening opening, SessionChannel session);

        /**
         * On the core loop.
         *
         * @param offeredWith null if it was not offered
         */
        void onGone(DataChannel channel, @Nullable Ticket offeredWith);
    }

    private final OpeningKey openingKey;
    private final String gateway;
    private final Loops loops;
    private final Consumer<ControlMessage> control;
    private final Observer observer;
    private final FramedChannel frames;
    private final long createdNanos = System.nanoTime();

    private @Nullable Ticket next;
    private @Nullable Ticket offeredWith;
    private boolean last;

    /**
     * Puts itself at the end of the connection's pipeline.
     *
     * @param openingKey that of the control channel for which it was dialed
     * @param control sends a message to the gateway; called on the core loop
     */
    DataChannel(
            TcpChannel connection,
            ChannelKind kind,
            OpeningKey openingKey,
            String gateway,
            Loops loops,
            Consumer<ControlMessage> control,
            Observer observer) {
        this.openingKey = openingKey;
        this.control = control;
        this.gateway = gateway;
        this.loops = loops;
        this.observer = observer;
        frames = new FramedChannel(connection, kind, this);
        connection.pipeline().addLast(frames);
        if (kind == ChannelKind.PLAIN) {
            ByteBuf preamble = connection.alloc().buffer(PlainPreamble.BYTES);
            PlainPreamble.encode(preamble);
            connection.write(preamble, connection.voidPromise());
        }
        connection.config().setAutoRead(true);
    }

    /** Offers the channel for a session. Called on its loop. */
    void offer(Ticket ticket) {
        offeredWith = ticket;
        loops.onCoreUnhurried(() -> observer.onOffered(this, ticket));
        frames.offer(ticket);
    }

    /**
     * Closes it in order, or has the session that it carries be its last. May be called on any
     * thread: the core loop may not know of a session yet.
     */
    void close() {
        frames.loop()
                .execute(() -> {
                    last = true;
                    if (!frames.isCarrying()) {
                        frames.close();
                    }
                });
    }

    @Override
    public String peer() {
        return "gateway " + gateway;
    }

    @Override
    public Open unseal(SealedOpen sealed) throws ProtocolException {
        return openingKey.open(sealed, offered());
    }

    /** One offer is for one session: what opened the last one opens nothing more. */
    private Ticket offered() throws ProtocolException {
        Ticket ticket = offeredWith;
        if (ticket == null) {
            throw new ProtocolException("OPEN on a channel that is not offered");
        }
        return ticket;
    }

    @Override
    public void onOpen(FramedChannel channel, Open open, FramedLeg leg) throws ProtocolException {
        Ticket ticket = offered();
        offeredWith = null;
        next = open.next();
        observer.onOpened(ticket, open.opening(), new Carried(gateway, leg, control));
    }

    @Override
    public void onLastEnd(FramedChannel channel) {
        if (mayCarryAnother()) {
            offerAgain();
        }
    }

    @Override
    public void onSessionCompleted(FramedChannel channel) {
        boolean offeredAlready = next == null;
        if (last || (!offeredAlready && !mayCarryAnother())) {
            channel.close();
        } else if (!offeredAlready) {
            offerAgain();
        }
    }

    private void offerAgain() {
        Ticket following = Objects.requireNonNull(next, "a session comes with the next ticket");
        next = null;
        offer(following);
    }

    private boolean mayCarryAnother() {
        var age = Duration.ofNanos(System.nanoTime() - createdNanos);
        return !last && mayCarryAnother(frames.sessionsCarried(), age) && observer.mayReuse();
    }

    static boolean mayCarryAnother(int sessionsCarried, Duration age) {
        return sessionsCarried < SESSIONS_MAX && age.compareTo(AGE_MAX) < 0;
    }

    @Override
    public void onClosed(FramedChannel channel, String why) {
        Ticket ticket = offeredWith;
        loops.core().execute(() -> observer.onGone(this, ticket));
    }

    /** The channel, for the time of one session. */
    private record Carried(String gateway, FramedLeg leg, Consumer<ControlMessage> control)
            implements SessionChannel {
        @Override
        public void tell(ControlMessage message) {
            control.accept(message);
        }

        @Override
        public void confirmOpened() {
            leg.confirmOpened();
        }
    }
}
