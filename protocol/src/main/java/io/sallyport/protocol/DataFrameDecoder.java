package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Data;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one data channel, however the bytes are cut. DATA is passed on in the pieces
 * that arrive and never collected; every other frame is collected up to its small bound, on the
 * heap, so a decoder needs no release. Not for use by several threads.
 */
public final class DataFrameDecoder {
    /** Takes frames in the order of the channel. */
    public interface Sink {
        /**
         * Takes one frame. {@link Data} is what arrived of a DATA frame, not always the whole of
         * it, and its bytes are the sink's to release.
         */
        void receive(DataFrame frame) throws ProtocolException;
    }

    private int header;
    private int headerBytes;
    private int dataBytesLeft;
    private @Nullable ByteBuf payload;
    private boolean failed;

    /**
     * Reads all of {@code in}, which stays the caller's. After a {@link ProtocolException} the
     * channel cannot be read on, and every further call throws another one.
     */
    public void feed(ByteBuf in, Sink sink) throws ProtocolException {
        if (failed) {
            throw new ProtocolException("bytes after a frame that could not be read");
        }
        // Unless everything goes well: a sink may throw anything.
        failed = true;
        while (in.isReadable()) {
            if (dataBytesLeft > 0) {
                passOnData(in, sink);
            } else if (payload != null) {
                collect(payload, in, sink);
            } else {
                header = header << 8 | in.readUnsignedByte();
                headerBytes++;
                if (headerBytes == DataFrameCodec.HEADER_BYTES) {
                    headerBytes = 0;
                    begin(sink);
                }
            }
        }
        failed = false;
    }

    /** Bytes that are left of the DATA frame under way; 0 if none is. */
    public int dataBytesLeft() {
        return dataBytesLeft;
    }

    /** Bytes that are left of the header under way; those of a whole one if none is. */
    public int headerBytesLeft() {
        return DataFrameCodec.HEADER_BYTES - headerBytes;
    }

    /** Whether a frame other than DATA is under way, with its header read. */
    public boolean isCollecting() {
        return payload != null;
    }

    /** So many bytes of the DATA frame under way, of {@link #dataBytesLeft}, went another way. */
    public void skipData(int bytes) {
        if (bytes > dataBytesLeft) {
            throw new IllegalArgumentException(bytes + " bytes of " + dataBytesLeft);
        }
        dataBytesLeft -= bytes;
    }

    private void begin(Sink sink) throws ProtocolException {
        int length = header & 0xff_ffff;
        if (type() == DataFrameCodec.DATA) {
            if (length < 1 || length > Protocol.DATA_BYTES_MAX) {
                throw new ProtocolException("a DATA frame of " + length + " bytes");
            }
            dataBytesLeft = length;
            return;
        }
        if (length > Protocol.SIGNAL_BYTES_MAX) {
            throw new ProtocolException("data frame type " + type() + " of " + length + " bytes");
        }
        if (length == 0) {
            sink.receive(DataFrameCodec.decode(type(), Unpooled.EMPTY_BUFFER));
        } else {
            payload = Unpooled.wrappedBuffer(new byte[length]).clear();
        }
    }

    private void passOnData(ByteBuf in, Sink sink) throws ProtocolException {
        int length = Math.min(dataBytesLeft, in.readableBytes());
        dataBytesLeft -= length;
        sink.receive(new Data(in.readRetainedSlice(length)));
    }

    private void collect(ByteBuf payload, ByteBuf in, Sink sink) throws ProtocolException {
        in.readBytes(payload, Math.min(payload.writableBytes(), in.readableBytes()));
        if (!payload.isWritable()) {
            this.payload = null;
            sink.receive(DataFrameCodec.decode(type(), payload));
        }
    }

    private int type() {
        return header >>> 24;
    }
}
