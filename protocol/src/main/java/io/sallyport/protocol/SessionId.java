package io.sallyport.protocol;

import java.util.HexFormat;

/**
 * Names one session in the logs of gateway and agent and in the PROXY v2 header towards the origin.
 */
public record SessionId(long value) {
    public static SessionId random() {
        return new SessionId(RandomBits.of(Long.BYTES).getLong());
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
