package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.tcp.LentBuffers;

/** Puts frames on a data channel. */
record FrameWriter(Channel channel) {
    private static final int SIGNAL_FRAME_BYTES_MAX =
            DataFrameCodec.HEADER_BYTES + Protocol.SIGNAL_BYTES_MAX;

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
        ByteBuf out = buffer(SIGNAL_FRAME_BYTES_MAX);
        DataFrameCodec.encode(frame, out);
        return out;
    }

    private ByteBuf buffer(int bytes) {
        return LentBuffers.ofThread().lend(channel.alloc(), bytes);
    }
}
