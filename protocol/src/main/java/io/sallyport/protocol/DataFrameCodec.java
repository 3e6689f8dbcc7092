package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrame.Reset;

/** Pure translation of data frames: one byte type, three bytes length, payload. */
public final class DataFrameCodec {
    /** Length of the header before each payload, in bytes. */
    public static final int HEADER_BYTES = 4;

    /** The most payload of a DATA frame, in bytes. */
    public static final int DATA_BYTES_MAX = 1024 * 1024;

    /** The most payload of every other frame, in bytes. */
    static final int PAYLOAD_BYTES_MAX = 2048;

    static final int READY = 1;
    static final int OPEN = 2;
    static final int OPENED = 3;
    static final int DATA = 4;
    static final int END = 5;
    static final int RESET = 6;

    private DataFrameCodec() {}

    public static void encode(DataFrame frame, ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        int type =
                switch (frame) {
                    case Ready(var ticket) -> {
                        Wire.writeTicket(out, ticket);
                        yield READY;
                    }
                    case Open(var opening) -> {
                        Wire.writeOpening(out, opening);
                        yield OPEN;
                    }
                    case Opened() -> OPENED;
                    case Data(var bytes) -> {
                        out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
                        yield DATA;
                    }
                    case End() -> END;
                    case Reset(var reason, var why) -> {
                        out.writeByte(reason.code());
                        Wire.writeSentence(out, why);
                        yield RESET;
                    }
                };
        out.setInt(start, header(type, out.writerIndex() - start - HEADER_BYTES));
    }

    /** Writes the header of a DATA frame whose payload follows uncopied. */
    public static void dataHeader(ByteBuf out, int length) {
        out.writeInt(header(DATA, length));
    }

    private static int header(int type, int length) {
        if (type == DATA && (length < 1 || length > DATA_BYTES_MAX)) {
            throw new IllegalArgumentException("a DATA frame of " + length + " bytes");
        }
        return type << 24 | length;
    }

    static DataFrame decode(int type, ByteBuf payload) throws ProtocolException {
        try {
            DataFrame frame =
                    switch (type) {
                        case READY -> new Ready(Wire.readTicket(payload));
                        case OPEN -> new Open(Wire.readOpening(payload));
                        case OPENED -> new Opened();
                        case END -> new End();
                        case RESET ->
                                new Reset(
                                        EndReason.of(payload.readUnsignedByte()),
                                        Wire.readSentence(payload));
                        default -> throw new ProtocolException("unknown type of frame " + type);
                    };
            if (payload.isReadable()) {
                throw new ProtocolException(
                        payload.readableBytes() + " bytes left over after frame type " + type);
            }
            return frame;
        } catch (IndexOutOfBoundsException cut) {
            throw new ProtocolException("a frame that is cut short");
        }
    }
}
