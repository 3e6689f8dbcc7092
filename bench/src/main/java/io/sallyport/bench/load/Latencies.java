package io.sallyport.bench.load;

import java.util.Arrays;

/** Durations of many exchanges, in nanoseconds. */
public final class Latencies {
    private long[] nanos = new long[1 << 14];
    private int count;
    private boolean sorted = true;

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
        sorted = false;
    }

    public int count() {
        return count;
    }

    /** The duration that so many percent are not above, in milliseconds; not a number if none. */
    public double percentileMillis(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(nanos, 0, count);
            sorted = true;
        }
        // Less a trifle: 99.9 percent of 1000 is 999, not what is above it in binary.
        int rank = (int) Math.ceil(percent * count / 100 - 1e-6);
        return nanos[Math.clamp(rank - 1, 0, count - 1)] / 1e6;
    }
}
