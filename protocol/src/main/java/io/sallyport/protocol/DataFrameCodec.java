package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.DataFrame.SealedOpen;

/**
 * Pure translation of data frames. Reading starts with {@link DataFrameDecoder}, since frames
 * arrive in pieces.
 */
public final class DataFrameCodec {
    /** Length of the header in front of every payload: the type, then the payload's length. */
    public static final int HEADER_BYTES = 4;

    static final int READY = 1;
    static final int OPEN = 2;
    static final int OPENED = 3;
    static final int DATA = 4;
    static final int END = 5;
    static final int RESET = 6;
    static final int SEALED_OPEN = 7;

    private DataFrameCodec() {}

    /**
     * Writes every frame but {@link Data}. A {@code why} that is too long is cut.
     *
     * @throws IllegalArgumentException for {@link Data}, whose bytes are not copied but follow a
     *     {@link #dataHeader}; and if a name is beyond its bound, {@code out} then holds no more
     *     than before
     */
    public static void encode(DataFrame frame, ByteBuf out) {
        int start = out.writerIndex();
        try {
            write(frame, out);
        } catch (IllegalArgumentException beyondBounds) {
            out.writerIndex(start);
            throw beyondBounds;
        }
        out.setMedium(start + 1, out.writerIndex() - start - HEADER_BYTES);
    }

    private static void write(DataFrame frame, ByteBuf out) {
        switch (frame) {
            case Ready(var ticket) -> Fields.writeTicket(header(out, READY), ticket);
            case Open open -> writeOpen(header(out, OPEN), open);
            case SealedOpen(var sealed) ->
                    header(out, SEALED_OPEN)
                            .writeBytes(sealed, sealed.readerIndex(), sealed.readableBytes());
            case Opened() -> header(out, OPENED);
            case Data _ -> throw new IllegalArgumentException("DATA begins with dataHeader");
            case End() -> header(out, END);
            case Reset(var reason, var why) ->
                    Fields.writeWhy(header(out, RESET).writeByte(reason.code()), why);
        }
    }

    static void writeOpen(ByteBuf out, Open open) {
        Fields.writeOpening(out, open.opening());
        Fields.writeTicket(out, open.next());
    }

    /** Reads what {@link #writeOpen} has written, which must be all. */
    static Open readWholeOpen(ByteBuf in) throws ProtocolException {
        Open open = readOpen(in);
        requireNothingLeft(in, OPEN);
        return open;
    }

    private static Open readOpen(ByteBuf in) throws ProtocolException {
        return new Open(Fields.readOpening(in), Fields.readTicket(in));
    }

    private static ByteBuf header(ByteBuf out, int type) {
        return out.writeByte(type).writeMedium(0);
    }

    /**
     * Writes the header of a DATA frame; the bytes of the session follow it.
     *
     * @param length of these bytes, 1 to {@link Protocol#DATA_BYTES_MAX}
     */
    public static void dataHeader(ByteBuf out, int length) {
        out.writeInt(dataHeader(length));
    }

    /** The header of a DATA frame as a number; on the wire its highest byte comes first. */
    public static int dataHeader(int length) {
        if (length < 1 || length > Protocol.DATA_BYTES_MAX) {
            throw new IllegalArgumentException("a DATA frame of " + length + " bytes");
        }
        return DATA << 24 | length;
    }

    /** Reads the payload of any frame but DATA. */
    static DataFrame decode(int type, ByteBuf payload) throws ProtocolException {
        DataFrame frame =
                switch (type) {
                    case READY -> new Ready(Fields.readTicket(payload));
                    case OPEN -> readOpen(payload);
                    case SEALED_OPEN -> new SealedOpen(payload.readSlice(payload.readableBytes()));
                    case OPENED -> new Opened();
                    case END -> new End();
                    case RESET ->
                            new Reset(
                                    EndReason.of(Fields.readU8(payload)), Fields.readWhy(payload));
                    default -> throw new ProtocolException("unknown type of data frame " + type);
                };
        requireNothingLeft(payload, type);
        return frame;
    }

    private static void requireNothingLeft(ByteBuf payload, int type) throws ProtocolException {
        if (payload.isReadable()) {
            throw new ProtocolException(
                    payload.readableBytes() + " bytes left over after data frame type " + type);
        }
    }
}
