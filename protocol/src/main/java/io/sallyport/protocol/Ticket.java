package io.sallyport.protocol;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The right to offer one data channel for one session: 128 random bits that the gateway issues, for
 * a new channel on the control channel, for the one that carries a session with its name, and takes
 * once.
 */
public record Ticket(long high, long low) {
    /** Length on the wire, in bytes. */
    public static final int BYTES = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    public static Ticket random() {
        // Two longs would be four calls of the generator, which cost the same each.
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        var words = ByteBuffer.wrap(bits);
        return new Ticket(words.getLong(), words.getLong());
    }

    /** Never shows the ticket: whoever reads it in a log could use it. */
    @Override
    public String toString() {
        return "Ticket[hidden]";
    }
}
