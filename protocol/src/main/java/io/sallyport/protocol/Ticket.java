package io.sallyport.protocol;

/**
 * The right to offer one data channel for one session: 128 random bits that the gateway issues, for
 * a new channel on the control channel, for the one that carries a session with its name, and takes
 * once.
 */
public record Ticket(long high, long low) {
    /** Length on the wire, in bytes. */
    public static final int BYTES = 16;

    public static Ticket random() {
        var bits = RandomBits.of(BYTES);
        return new Ticket(bits.getLong(), bits.getLong());
    }

    /** Never shows the ticket: whoever reads it in a log could use it. */
    @Override
    public String toString() {
        return "Ticket[hidden]";
    }
}
