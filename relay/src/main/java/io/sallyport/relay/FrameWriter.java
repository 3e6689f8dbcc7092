package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.relay.tcp.LentBuffers;

/** Puts frames on a data channel. */
record FrameWriter(Channel channel) {
    /** What most frames but DATA take; a buffer grows for the others. */
    private static final int SIGNAL_BYTES = 64;

    /** Any frame but DATA, with all that was written before. */
    void send(DataFrame frame) {
        channel.writeAndFlush(encoded(frame), channel.voidPromise());
    }

    /** Any frame but DATA, which goes with the next flush. */
    ChannelFuture write(DataFrame frame) {
        return channel.write(encoded(frame));
    }

    /** Bytes of the session, which go with the next flush. Takes over the buffer. */
    void writeData(ByteBuf bytes) {
        ByteBuf header = buffer(DataFrameCodec.HEADER_BYTES);
        DataFrameCodec.dataHeader(header, bytes.readableBytes());
        channel.write(header, channel.voidPromise());
        channel.write(bytes, channel.voidPromise());
    }

    private ByteBuf encoded(DataFrame frame) {
        ByteBuf out = buffer(SIGNAL_BYTES);
        DataFrameCodec.encode(frame, out);
        return out;
    }

    private ByteBuf buffer(int bytes) {
        return LentBuffers.ofThread().lend(channel.alloc(), bytes);
    }
}
