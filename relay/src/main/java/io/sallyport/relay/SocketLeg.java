package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tcp.TcpChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A leg that is a plain TCP connection: a partner or an origin. Its socket lingers for zero seconds
 * until both directions have ended in order, so that the kernel resets it even if this process is
 * killed.
 */
public final class SocketLeg extends ChannelInboundHandlerAdapter implements PlainLeg {
    private final TcpChannel channel;
    private final EndReason whenLost;
    private final Supplier<String> name;
    private final Attachment attachment = new Attachment();

    /** A leg at the end of the channel's pipeline, whose directions end apart. */
    public static SocketLeg of(TcpChannel channel, EndReason whenLost, Supplier<String> name) {
        channel.allowHalfClose();
        var leg = new SocketLeg(channel, whenLost, name);
        channel.pipeline().addLast(leg);
        return leg;
    }

    /**
     * For whoever gives the leg its place in the pipeline.
     *
     * @param whenLost the reason to report if the connection is lost
     * @param name says what the connection is, for that report: {@code partner 192.0.2.1:40000}
     */
    public SocketLeg(TcpChannel channel, EndReason whenLost, Supplier<String> name) {
        this.channel = channel;
        this.whenLost = whenLost;
        this.name = name;
    }

    @Override
    public TcpChannel channel() {
        return channel;
    }

    @Override
    public int sessionBytesNext() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void taken(int bytes) {}

    @Override
    public int headerBytesNext() {
        return 0;
    }

    @Override
    public void onHeader(ByteBuf bytes) {
        throw new IllegalStateException("there are no headers here");
    }

    @Override
    public boolean isFramed() {
        return false;
    }

    @Override
    public void setFrameUnderWay(boolean underWay) {}

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void watch(LossWatcher watcher) {
        attachment.watch(watcher);
    }

    @Override
    public void attach(LegHandler handler) {
        if (!attachment.isOver()) {
            setReading(true);
        }
        attachment.attach(handler);
    }

    @Override
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void setReading(boolean reading) {
        // After its end the input has nothing to read, and a selector that watches it would spin.
        channel.config().setAutoRead(reading && !attachment.isEnded());
    }

    @Override
    public void end() {
        // Mostly all is sent, and to write nothing goes a long way.
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (unsent != null && unsent.totalPendingWriteBytes() == 0) {
            endOutput();
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener((ChannelFuture flushed) -> {
                    if (flushed.isSuccess()) {
                        endOutput();
                    }
                });
    }

    private void endOutput() {
        channel.shutdownOutput().addListener((ChannelFuture shut) -> endSent(shut.cause()));
    }

    private void endSent(@Nullable Throwable failure) {
        if (failure == null) {
            attachment.endSent();
        } else {
            lose("could not be ended: " + failure.getMessage());
        }
    }

    @Override
    public void close() {
        attachment.over();
        channel.closeInOrder();
    }

    @Override
    public void reset(EndReason reason, String why) {
        attachment.over();
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!attachment.bytes((ByteBuf) message)) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        attachment.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        attachment.writabilityChanged(channel.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                && !attachment.isOver()
                && !attachment.isEnded()) {
            channel.config().setAutoRead(false);
            attachment.end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Comes before the event that looks like an orderly end of the input: Netty fires both on a
        // failed read.
        lose("was lost: " + cause.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!(attachment.isEnded() && attachment.isEndSent())) {
            lose("was reset");
        }
    }

    @Override
    public void lose(String what) {
        if (!attachment.isOver()) {
            channel.close();
            attachment.lose(whenLost, name.get() + " " + what);
        }
    }
}
