package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;

/** The first bytes on a plain data channel, sent by the agent. Data frames follow. */
public final class PlainPreamble {
    /**
     * Tells a plain data channel from a TLS connection, which begins with 0x16. No text begins with
     * it, so what comes to the wrong port is not mistaken for one.
     */
    public static final int FIRST_BYTE = 0xf5;

    /** Length of the preamble. */
    public static final int BYTES = 4 + 1;

    private static final int MAGIC = FIRST_BYTE << 24 | 'S' << 16 | 'L' << 8 | 'P';
    private static final int MAJOR = 1;

    private PlainPreamble() {}

    public static void encode(ByteBuf out) {
        out.writeInt(MAGIC).writeByte(MAJOR);
    }

    /** Reads {@link #BYTES} bytes and leaves what follows. */
    public static void decode(ByteBuf in) throws ProtocolException {
        if (Fields.readU32(in) != Integer.toUnsignedLong(MAGIC)) {
            throw new ProtocolException("not the preamble of a plain data channel");
        }
        int major = Fields.readU8(in);
        if (major != MAJOR) {
            throw new ProtocolException("unknown version of plain data channels " + major);
        }
    }
}
