package io.sallyport.gateway.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.RawPreamble;

/**
 * Takes the first byte that an agent sends on a raw data channel after its session was named: the
 * origin is connected. Everything after it is the origin's.
 */
final class OpenedByte extends ChannelInboundHandlerAdapter {
    private final Runnable onOpened;

    OpenedByte(Runnable onOpened) {
        this.onOpened = onOpened;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        int first = bytes.readUnsignedByte();
        if (first != RawPreamble.OPENED_BYTE) {
            bytes.release();
            ctx.fireExceptionCaught(
                    new ProtocolException("the agent said 0x%02x for opened".formatted(first)));
            return;
        }
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
        ctx.pipeline().remove(this);
        onOpened.run();
    }
}
