package io.sallyport.bench.soak;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Bytes that can be foretold at every position, and are different at each seed. */
final class Payload {
    /** A prime, so that no length of a read or a frame divides it. */
    private static final int CYCLE = 1_048_573;

    /** A cycle and as much again, so that a piece never has to be put together. */
    private static final byte[] BYTES = new byte[2 * CYCLE];

    static {
        byte[] once = new byte[CYCLE];
        new SplittableRandom(1).nextBytes(once);
        System.arraycopy(once, 0, BYTES, 0, CYCLE);
        System.arraycopy(once, 0, BYTES, CYCLE, CYCLE);
    }

    private final int start;
    private final long length;
    private long position;

    Payload(long seed, long length) {
        this.start = Math.floorMod(seed, CYCLE);
        this.length = length;
    }

    long length() {
        return length;
    }

    long position() {
        return position;
    }

    boolean isWhole() {
        return position == length;
    }

    /** The next bytes, at most so many. */
    ByteBuffer next(int most) {
        int count = (int) Math.min(most, length - position);
        var piece = ByteBuffer.wrap(BYTES, (int) ((start + position) % CYCLE), count).slice();
        position += count;
        return piece;
    }

    /** Whether these are the next bytes. */
    boolean continuesWith(ByteBuffer bytes) {
        return bytes.remaining() <= length - position && next(bytes.remaining()).equals(bytes);
    }
}
