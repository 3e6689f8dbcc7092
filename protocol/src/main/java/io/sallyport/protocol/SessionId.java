package io.sallyport.protocol;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names one session in the logs of gateway and agent and in the PROXY v2 header towards the origin.
 */
public record SessionId(long value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public static SessionId random() {
        return new SessionId(RANDOM.nextLong());
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
