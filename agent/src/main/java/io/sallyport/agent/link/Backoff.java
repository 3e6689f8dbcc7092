package io.sallyport.agent.link;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: doubles from 200 ms to 10 s, and half of it is left to
 * chance, so that agents that lost the same gateway do not come back at the same moment.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** A connection that held this long was a good one. */
    private static final Duration PROVEN = Duration.ofSeconds(30);

    private final DoubleSupplier chance;
    private Duration next = FIRST;

    /**
     * @param chance from 0 to 1
     */
    Backoff(DoubleSupplier chance) {
        this.chance = chance;
    }

    Duration next() {
        long millis = next.toMillis();
        next = next.multipliedBy(2);
        if (next.compareTo(LONGEST) > 0) {
            next = LONGEST;
        }
        return Duration.ofMillis(millis / 2 + (long) (chance.getAsDouble() * (millis / 2.0)));
    }

    /** A connection ended that was up for so long. */
    void wasUpFor(Duration time) {
        if (time.compareTo(PROVEN) >= 0) {
            next = FIRST;
        }
    }
}
