package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.ChannelLeg;
import io.sallyport.relay.ChannelOwner;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.control.ControlChannel;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One data channel, from the proof of who brings it to its end: carries one session after the
 * other, each for a ticket. Used on its loop, but for what is said of other threads.
 */
final class DataChannel implements Offer, ChannelOwner {
    /** Hears of it, on the channel's loop. */
    interface Observer {
        /**
         * The agent offers it.
         *
         * @param again whether the ticket is the one that came with the session before
         */
        void onOffered(DataChannel channel, Ticket ticket, boolean again);

        void onGone(DataChannel channel);
    }

    /** How long after an offer nobody has reason to doubt that the agent is there. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final ChannelKind kind;
    private final Observer observer;
    private @Nullable Runnable proved;
    private final FramedChannel frames;
    private final NextOfferDeadline nextOffer = new NextOfferDeadline();
    private volatile @Nullable String agent;
    private volatile @Nullable OpeningKey openingKey;
    private volatile @Nullable ControlChannel<FromAgent> control;
    private @Nullable Ticket offeredWith;
    private long offeredNanos;
    private @Nullable Ticket next;

    /**
     * Puts itself at the end of the connection's pipeline.
     *
     * @param agent whom the certificate names; null on a plain channel, of which only the ticket
     *     tells
     * @param proved to be run when a ticket was taken; on the core loop
     */
    DataChannel(
            TcpChannel connection,
            ChannelKind kind,
            @Nullable String agent,
            Runnable proved,
            Observer observer) {
        this.kind = kind;
        this.agent = agent;
        this.proved = proved;
        this.observer = observer;
        frames = new FramedChannel(connection, kind, this);
        connection.pipeline().addLast(frames);
    }

    ChannelKind kind() {
        return kind;
    }

    /** Whose it is; null if that is not known yet. Readable from any thread. */
    @Nullable String agent() {
        return agent;
    }

    /**
     * The control channel that was up when its last session was opened: the ticket that came with
     * the session is void without it. Readable from any thread.
     */
    @Nullable ControlChannel<FromAgent> control() {
        return control;
    }

    /** Its first ticket was taken, as one of this agent's. On the core loop. */
    void belongsTo(AgentLink agent) {
        this.agent = agent.name();
        openingKey = agent.openingKey();
        Runnable first = proved;
        // What waited for it is kept no longer.
        proved = null;
        if (first != null) {
            first.run();
        }
    }

    @Override
    public EventLoop loop() {
        return frames.loop();
    }

    @Override
    public boolean isUsable() {
        return frames.isUsable();
    }

    @Override
    public boolean isFresh() {
        return System.nanoTime() - offeredNanos < FRESH.toNanos();
    }

    @Override
    public void retire() {
        loop().execute(frames::close);
    }

    @Override
    public ChannelLeg open(AgentLink link, SessionOpening opening, Runnable onOpened) {
        Ticket ticket = offeredWith;
        if (ticket == null) {
            throw new IllegalStateException("a session on a channel that was not offered");
        }
        offeredWith = null;
        control = link.control();
        Ticket following = Ticket.random();
        next = following;
        return frames.open(named(new Open(opening, following), ticket), onOpened);
    }

    private DataFrame named(Open open, Ticket ticket) {
        return switch (kind) {
            case ENCRYPTED -> open;
            case PLAIN ->
                    Objects.requireNonNull(openingKey, "a channel that was offered is an agent's")
                            .seal(open, ticket);
        };
    }

    @Override
    public String peer() {
        String known = agent;
        return known == null ? "an agent that has not shown its ticket" : "agent " + known;
    }

    @Override
    public void onReady(FramedChannel channel, Ticket ticket) throws ProtocolException {
        if (offeredWith != null) {
            throw new ProtocolException("READY on a channel that is offered already");
        }
        boolean again = next != null;
        if (again && !ticket.equals(next)) {
            throw new ProtocolException("READY with another ticket than the next");
        }
        nextOffer.met();
        next = null;
        offeredWith = ticket;
        offeredNanos = System.nanoTime();
        observer.onOffered(this, ticket, again);
    }

    @Override
    public void onSessionCompleted(FramedChannel channel) {
        nextOffer.begin(channel);
    }

    @Override
    public void onClosed(FramedChannel channel, String why) {
        nextOffer.close();
        observer.onGone(this);
    }
}
