package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.tcp.LentBuffers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts frames on a data channel. Used on its loop only. */
final class FrameWriter {
    /** Until the loop has read what has arrived: a partner who spoke as he came, for one. */
    static final Duration UNTIL_READ = Duration.ZERO;

    /** While an origin may be about to answer. A peer that does wait is kept no longer. */
    static final Duration UNTIL_ANSWERED = Duration.ofMillis(5);

    private static final int SIGNAL_FRAME_BYTES_MAX =
            DataFrameCodec.HEADER_BYTES + Protocol.SIGNAL_BYTES_MAX;

    private final Channel channel;
    private @Nullable Future<?> flushLater;

    FrameWriter(Channel channel) {
        this.channel = channel;
    }

    /** Any frame but DATA, with all that was written before. */
    void send(DataFrame frame) {
        channel.write(encoded(frame), channel.voidPromise());
        flush();
    }

    /**
     * Any frame but DATA, with the next one that is sent, so that both wake the peer once; alone if
     * there is none so long.
     */
    void sendWithNext(DataFrame frame, Duration patience) {
        channel.write(encoded(frame), channel.voidPromise());
        if (flushLater == null) {
            flushLater =
                    channel.eventLoop()
                            .schedule(this::flush, patience.toNanos(), TimeUnit.NANOSECONDS);
        }
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

    void flush() {
        if (flushLater != null) {
            flushLater.cancel(false);
            flushLater = null;
        }
        channel.flush();
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
