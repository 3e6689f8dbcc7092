package io.sallyport.protocol;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names one session in the logs of gateway and agent and in the PROXY v2 header towards the origin.
 */
public record SessionId(long value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public static SessionId random() {
        // As a long it would be two calls of the generator, as in Ticket.
        byte[] bits = new byte[Long.BYTES];
        RANDOM.nextBytes(bits);
        return new SessionId(ByteBuffer.wrap(bits).getLong());
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
