package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Data;

/**
 * Takes the bytes of one framed data channel, cut anywhere, and gives frames. DATA is given as it
 * comes, in parts.
 */
public final class DataFrameDecoder {
    /** Takes frames; owns the bytes of {@link Data}. */
    public interface Sink {
        void receive(DataFrame frame) throws ProtocolException;
    }

    private final byte[] header = new byte[DataFrameCodec.HEADER_BYTES];
    private int headerBytes;
    private int dataLeft;
    private int type;
    private int length;
    private byte[] payload = new byte[0];
    private int payloadBytes;

    public void feed(ByteBuf in, Sink sink) throws ProtocolException {
        while (in.isReadable()) {
            if (dataLeft > 0) {
                int part = Math.min(dataLeft, in.readableBytes());
                dataLeft -= part;
                sink.receive(new Data(in.readRetainedSlice(part)));
            } else if (headerBytes < header.length) {
                header[headerBytes++] = in.readByte();
                if (headerBytes == header.length) {
                    begin(sink);
                }
            } else {
                int part = Math.min(length - payloadBytes, in.readableBytes());
                in.readBytes(payload, payloadBytes, part);
                payloadBytes += part;
                if (payloadBytes == length) {
                    complete(sink);
                }
            }
        }
    }

    private void begin(Sink sink) throws ProtocolException {
        type = header[0] & 0xff;
        length = (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | (header[3] & 0xff);
        if (type == DataFrameCodec.DATA) {
            if (length < 1 || length > DataFrameCodec.DATA_BYTES_MAX) {
                throw new ProtocolException("a DATA frame of " + length + " bytes");
            }
            dataLeft = length;
            headerBytes = 0;
            return;
        }
        if (length > DataFrameCodec.PAYLOAD_BYTES_MAX) {
            throw new ProtocolException("a frame of type " + type + " with " + length + " bytes");
        }
        payload = new byte[length];
        payloadBytes = 0;
        if (length == 0) {
            complete(sink);
        }
    }

    private void complete(Sink sink) throws ProtocolException {
        headerBytes = 0;
        byte[] complete = payload;
        payload = new byte[0];
        sink.receive(DataFrameCodec.decode(type, Unpooled.wrappedBuffer(complete)));
    }
}
