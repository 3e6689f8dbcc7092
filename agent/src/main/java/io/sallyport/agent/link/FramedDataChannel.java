package io.sallyport.agent.link;

import io.sallyport.agent.session.SessionChannel;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.FramedChannel.FramedLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One TLS connection to a gateway that carries sessions, one after the other. */
final class FramedDataChannel implements FramedChannel.Owner {
    /** Sessions that one connection may carry. */
    private static final int SESSIONS_MAX = 1000;

    /** So that keys are changed, and connections spread anew, now and then. */
    private static final Duration AGE_MAX = Duration.ofMinutes(10);

    /** Hears what becomes of the channel. On the core loop. */
    interface Observer {
        void onOpened(FramedDataChannel channel, SessionOpening opening, SessionChannel session);

        /**
         * The session ended in order.
         *
         * @param reusable whether the channel has not served its time
         */
        void onCompleted(FramedDataChannel channel, boolean reusable);

        void onGone(FramedDataChannel channel);
    }

    private final String gateway;
    private final Executor core;
    private final Consumer<ControlMessage> control;
    private final Observer observer;
    private final FramedChannel frames;

    /**
     * Puts itself at the end of the connection's pipeline.
     *
     * @param control sends a message to the gateway; called on the core loop
     */
    FramedDataChannel(
            TcpChannel connection,
            String gateway,
            Executor core,
            Consumer<ControlMessage> control,
            Observer observer) {
        this.control = control;
        this.gateway = gateway;
        this.core = core;
        this.observer = observer;
        frames = new FramedChannel(connection, "gateway " + gateway, this);
        connection.pipeline().addLast(frames);
    }

    /** Offers the channel for a session; may be called on any thread. */
    void offer(Ticket ticket) {
        frames.loop().execute(() -> frames.offer(ticket));
    }

    /** Closes in order; may be called on any thread. */
    void close() {
        frames.loop().execute(frames::close);
    }

    @Override
    public void onOpen(FramedChannel channel, SessionOpening opening, FramedLeg leg) {
        core.execute(() -> observer.onOpened(this, opening, new Carried(gateway, leg, control)));
    }

    @Override
    public void onSessionCompleted(FramedChannel channel) {
        boolean reusable =
                channel.sessionsCarried() < SESSIONS_MAX && channel.age().compareTo(AGE_MAX) < 0;
        core.execute(() -> observer.onCompleted(this, reusable));
    }

    @Override
    public void onClosed(FramedChannel channel, String why) {
        core.execute(() -> observer.onGone(this));
    }

    /** The channel, for the time of one session. */
    private record Carried(String gateway, FramedLeg leg, Consumer<ControlMessage> control)
            implements SessionChannel {
        @Override
        public ChannelKind kind() {
            return ChannelKind.FRAMED;
        }

        @Override
        public void tell(ControlMessage message) {
            control.accept(message);
        }

        @Override
        public void confirmOpened() {
            leg.confirmOpened();
        }

        @Override
        public void explain(SessionId session, EndReason reason, String why) {
            // The frame that resets a session says why.
        }
    }
}
