package io.sallyport.acceptance.peer;

import java.util.concurrent.locks.LockSupport;

/** How eagerly a side reads. */
@FunctionalInterface
public interface Pace {
    Pace EAGER = _ -> {};

    /** Lags behind a fast sender, so that everything on the way fills up. */
    Pace SLOW =
            bytes -> {
                if ((bytes >> 16) % 16 == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            };

    /**
     * Returns when the next bytes may be read.
     *
     * @param bytes read so far
     */
    void beforeReading(long bytes);
}
