package io.sallyport.relay.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A control channel behind TLS: turns frames into messages and back, and asks the peer at every
 * heartbeat whether it is there. Messages are delivered on the listener's executor, one read at a
 * time: while it works, nothing more is read.
 *
 * @param <I> what the peer may send
 */
public final class ControlChannel<I extends ControlMessage> extends ChannelInboundHandlerAdapter {
    private static final int LENGTH_BYTES = 4;

    /** Bytes that may wait for a peer that does not read; the next message closes the channel. */
    private static final long UNSENT_BYTES_MAX = 4 * 1024 * 1024;

    /** So many messages that one turn of the loop brings about are sent together. */
    private static final int MESSAGES_TOGETHER = 256;

    private static final Duration GOODBYE_DEADLINE = Duration.ofSeconds(2);

    /** Reads one kind of message. */
    public interface Decoder<I extends ControlMessage> {
        I decode(ByteBuf frame) throws ProtocolException;
    }

    /** Hears of messages, and of the end of the channel once. */
    public interface Listener<I extends ControlMessage> {
        void onMessage(I message);

        void onClosed(String why);
    }

    private final TcpChannel channel;
    private final Decoder<I> decoder;
    private final Duration heartbeat;
    private final Executor executor;
    private final Listener<I> listener;
    private List<I> received = new ArrayList<>();
    private long pingsSent;
    private long pongsReceived;
    private @Nullable String closedWhy;
    private boolean told;

    private ControlChannel(
            TcpChannel channel,
            Decoder<I> decoder,
            Duration heartbeat,
            Executor executor,
            Listener<I> listener) {
        this.channel = channel;
        this.decoder = decoder;
        this.heartbeat = heartbeat;
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * Puts a control channel at the end of the pipeline.
     *
     * @param heartbeat how often the peer is pinged, and how long it may take to answer
     */
    public static <I extends ControlMessage> ControlChannel<I> install(
            TcpChannel channel,
            Decoder<I> decoder,
            Duration heartbeat,
            Executor executor,
            Listener<I> listener) {
        var control = new ControlChannel<>(channel, decoder, heartbeat, executor, listener);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(
                new LengthFieldBasedFrameDecoder(
                        Protocol.CONTROL_FRAME_BYTES_MAX + LENGTH_BYTES,
                        0,
                        LENGTH_BYTES,
                        0,
                        LENGTH_BYTES));
        pipeline.addLast(new FlushConsolidationHandler(MESSAGES_TOGETHER, true));
        pipeline.addLast(control);
        return control;
    }

    /**
     * Has the channel served by another loop, and does something there when it is; what is sent
     * before that is lost. Nothing is done if the channel is lost meanwhile.
     */
    public void moveTo(EventLoop loop, Runnable moved) {
        channel.deregister()
                .addListener(_ ->
                        loop.register(channel)
                                .addListener((ChannelFuture registered) -> {
                                    if (registered.isSuccess()) {
                                        moved.run();
                                    } else {
                                        channel.close();
                                    }
                                }));
    }

    /** Sends a message; may be called from any thread. */
    public void send(ControlMessage message) {
        if (channel.eventLoop().inEventLoop()) {
            write(message);
        } else {
            channel.eventLoop().execute(() -> write(message));
        }
    }

    /** Says goodbye and closes; may be called from any thread. */
    public void close(CloseReason reason, String why, Duration retryAfter) {
        channel.eventLoop()
                .execute(() -> {
                    closedWhy = why;
                    channel.writeAndFlush(encoded(new Goodbye(reason, why, retryAfter)))
                            .addListener(sent -> channel.closeInOrder());
                    channel.eventLoop()
                            .schedule(
                                    () -> channel.close(),
                                    GOODBYE_DEADLINE.toMillis(),
                                    TimeUnit.MILLISECONDS);
                });
    }

    private void write(ControlMessage message) {
        var waiting = channel.unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > UNSENT_BYTES_MAX) {
            lose("the peer does not read its control channel");
            return;
        }
        channel.writeAndFlush(encoded(message)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private ByteBuf encoded(ControlMessage message) {
        ByteBuf out = channel.alloc().buffer(128);
        out.writeInt(0);
        try {
            ControlCodec.encode(message, out);
        } catch (IllegalArgumentException unfit) {
            out.release();
            throw unfit;
        }
        out.setInt(0, out.readableBytes() - LENGTH_BYTES);
        return out;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.executor().schedule(this::beat, heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (!channel.isActive()) {
            return;
        }
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(this::beat);
            return;
        }
        if (pongsReceived < pingsSent) {
            close(
                    CloseReason.TIMED_OUT,
                    "a heartbeat was not answered within " + heartbeat.toMillis() + " ms",
                    Duration.ZERO);
            return;
        }
        pingsSent++;
        write(new Ping(pingsSent));
        channel.eventLoop().schedule(this::beat, heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        ByteBuf bytes = (ByteBuf) frame;
        try {
            I message = decoder.decode(bytes);
            switch ((ControlMessage) message) {
                case Ping(var number) -> write(new Pong(number));
                case Pong(var number) -> pongsReceived = Math.max(pongsReceived, number);
                default -> received.add(message);
            }
        } catch (ProtocolException fault) {
            close(CloseReason.PROTOCOL_ERROR, fault.getMessage(), Duration.ofSeconds(10));
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received.isEmpty()) {
            return;
        }
        List<I> batch = received;
        received = new ArrayList<>();
        channel.config().setAutoRead(false);
        executor.execute(() -> {
            batch.forEach(listener::onMessage);
            channel.config().setAutoRead(true);
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lose("the connection was lost: " + cause.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose("the connection was lost");
    }

    private void lose(String why) {
        if (closedWhy == null) {
            closedWhy = why;
        }
        channel.close();
        if (!told) {
            told = true;
            String reason = closedWhy;
            executor.execute(() -> listener.onClosed(reason));
        }
    }
}
