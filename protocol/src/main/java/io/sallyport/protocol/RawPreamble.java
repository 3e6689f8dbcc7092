package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;

/** The first bytes of a raw data channel: who may open it is proved by a ticket. */
public final class RawPreamble {
    public static final int FIRST_BYTE = 'S';
    public static final int BYTES = 5 + Ticket.BYTES;
    private static final int MAGIC = 'S' << 24 | 'L' << 16 | 'Y' << 8 | 'P';
    private static final int MAJOR = 1;

    private RawPreamble() {}

    public static void encode(Ticket ticket, ByteBuf out) {
        out.writeInt(MAGIC).writeByte(MAJOR).writeLong(ticket.high()).writeLong(ticket.low());
    }

    public static Ticket decode(ByteBuf in) throws ProtocolException {
        if (in.readInt() != MAGIC || in.readUnsignedByte() != MAJOR) {
            throw new ProtocolException("not the preamble of a raw data channel");
        }
        return new Ticket(in.readLong(), in.readLong());
    }
}
