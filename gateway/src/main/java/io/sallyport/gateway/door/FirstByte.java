package io.sallyport.gateway.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.PlainPreamble;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.relay.tcp.TcpChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its first byte whether a connection speaks TLS or is a plain data channel, and closes it
 * if it has not proved who it is by the deadline.
 */
final class FirstByte extends ByteToMessageDecoder {
    private static final int TLS_HANDSHAKE = 0x16;

    private final TcpChannel channel;
    private final Admission admission;
    private @Nullable Future<?> deadline;

    FirstByte(TcpChannel channel, Admission admission) {
        this.channel = channel;
        this.admission = admission;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline =
                ctx.executor()
                        .schedule(
                                () -> channel.close(),
                                admission.deadline().toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    // May be called on any thread, and more than once.
    private void proved() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        admission.onProved().run();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (in.getUnsignedByte(in.readerIndex())) {
            case TLS_HANDSHAKE -> {
                var pipeline = ctx.pipeline();
                pipeline.addLast(admission.tls().newHandler(ctx.alloc()));
                pipeline.addLast(new Proved(channel, admission.links(), this::proved));
                pipeline.remove(this);
            }
            case PlainPreamble.FIRST_BYTE -> {
                if (in.readableBytes() < PlainPreamble.BYTES) {
                    return;
                }
                try {
                    PlainPreamble.decode(in);
                    admission.links().dataConnected(channel, ChannelKind.PLAIN, null, this::proved);
                    ctx.pipeline().remove(this);
                } catch (ProtocolException fault) {
                    channel.close();
                }
            }
            default -> channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }
}
