package io.sallyport.protocol;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names one session in the logs of gateway and agent and in the PROXY v2 header towards the origin.
 * No secret: nobody gets anything by knowing one.
 */
public record SessionId(long value) {
    public static SessionId random() {
        return new SessionId(ThreadLocalRandom.current().nextLong());
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
