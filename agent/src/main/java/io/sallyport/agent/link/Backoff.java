package io.sallyport.agent.link;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a gateway is dialed again: twice as long after each failure, and half of
 * it by chance, so that agents do not come back all at once.
 *
 * @param chance gives numbers from 0 to 1
 */
record Backoff(DoubleSupplier chance) {
    static final Duration FIRST = Duration.ofMillis(200);

    /** Short enough that service is back within five seconds after a busy gateway is. */
    static final Duration LONGEST = Duration.ofSeconds(2);

    private static final int DOUBLINGS_MAX = 16;

    /**
     * @param failures in a row, before the one that is waited for now
     */
    Duration delay(int failures) {
        long millis =
                Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures, DOUBLINGS_MAX));
        return Duration.ofMillis(millis / 2 + Math.round(millis / 2.0 * chance.getAsDouble()));
    }

    /** The delay, but at least as long as the gateway asked for, and by chance up to 10 % more. */
    Duration delay(int failures, Duration atLeast) {
        Duration asked =
                Duration.ofMillis(Math.round(atLeast.toMillis() * (1 + chance.getAsDouble() / 10)));
        Duration own = delay(failures);
        return own.compareTo(asked) > 0 ? own : asked;
    }
}
