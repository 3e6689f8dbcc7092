package io.sallyport.agent.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.RawPreamble;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.Leg;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A TCP connection to a gateway for one session, which the gateway names on the control channel.
 */
final class RawDataChannel implements SessionChannel {
    /** How long the end of a partner's bytes may be ahead of the name of its session. */
    private static final Duration NAME_DEADLINE = Duration.ofSeconds(10);

    private final TcpChannel connection;
    private final String gateway;
    private final Consumer<ControlMessage> control;
    private final SocketLeg leg;
    private volatile boolean named;

    /**
     * Puts itself at the end of the connection's pipeline. Called on the connection's loop.
     *
     * @param control sends a message to the gateway; called on the core loop
     */
    RawDataChannel(TcpChannel connection, String gateway, Consumer<ControlMessage> control) {
        this.connection = connection;
        this.gateway = gateway;
        this.control = control;
        connection.allowHalfClose();
        leg =
                new SocketLeg(
                        connection,
                        EndReason.CHANNEL_LOST,
                        () -> "the data channel to gateway " + gateway);
        connection.pipeline().addLast(new EarlyEnd()).addLast(leg);
    }

    /** Offers the channel, and begins to notice its loss. Called on its loop. */
    void offer(Ticket ticket) {
        ByteBuf preamble = connection.alloc().buffer(RawPreamble.BYTES);
        RawPreamble.encode(ticket, preamble);
        connection.writeAndFlush(preamble, connection.voidPromise());
        connection.config().setAutoRead(true);
    }

    void whenGone(Runnable action) {
        connection.closeFuture().addListener(_ -> action.run());
    }

    void named() {
        named = true;
    }

    /** Resets the connection; may be called on any thread. */
    void close() {
        connection.close();
    }

    @Override
    public ChannelKind kind() {
        return ChannelKind.RAW;
    }

    @Override
    public String gateway() {
        return gateway;
    }

    @Override
    public Leg leg() {
        return leg;
    }

    @Override
    public void confirmOpened() {
        leg.write(connection.alloc().buffer(1).writeByte(RawPreamble.OPENED_BYTE));
        leg.flush();
    }

    @Override
    public void tell(ControlMessage message) {
        control.accept(message);
    }

    @Override
    public void explain(SessionId session, EndReason reason, String why) {
        control.accept(new RawEnded(session, reason, why));
    }

    /** A connection that ends before a session is named on it can't tell its own loss any more. */
    private final class EarlyEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !named) {
                ctx.executor()
                        .schedule(
                                this::closeUnlessNamed,
                                NAME_DEADLINE.toMillis(),
                                TimeUnit.MILLISECONDS);
            }
            ctx.fireUserEventTriggered(event);
        }

        private void closeUnlessNamed() {
            if (!named) {
                close();
            }
        }
    }
}
