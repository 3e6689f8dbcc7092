package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The first bytes on a raw data channel, sent by the agent. One more follows when the session's
 * origin is connected; everything after that belongs to the session.
 */
public final class RawPreamble {
    /**
     * Tells a raw data channel from a TLS connection, which begins with 0x16. No text begins with
     * it, so what comes to the wrong port is not mistaken for one.
     */
    public static final int FIRST_BYTE = 0xf5;

    /** What the agent sends once the session is named and its origin is connected. */
    public static final int OPENED_BYTE = 0x01;

    /** Length of the preamble. */
    public static final int BYTES = 4 + 1 + Ticket.BYTES;

    private static final int MAGIC = FIRST_BYTE << 24 | 'S' << 16 | 'L' << 8 | 'P';
    private static final int MAJOR = 1;

    private RawPreamble() {}

    public static void encode(Ticket ticket, ByteBuf out) {
        out.writeInt(MAGIC).writeByte(MAJOR);
        Fields.writeTicket(out, ticket);
    }

    /** Reads {@link #BYTES} bytes and leaves what follows. */
    public static Ticket decode(ByteBuf in) throws ProtocolException {
        if (Fields.readU32(in) != Integer.toUnsignedLong(MAGIC)) {
            throw new ProtocolException("not the preamble of a raw data channel");
        }
        int major = Fields.readU8(in);
        if (major != MAJOR) {
            throw new ProtocolException("unknown version of raw data channels " + major);
        }
        return Fields.readTicket(in);
    }
}
