package io.sallyport.acceptance.peer;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Waits for counts of bytes to grow, or to grow no more. */
public final class Progress {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static void awaitAtLeast(long bytes, LongSupplier count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> count.getAsLong() >= bytes);
    }

    /** Waits until a whole second brings nothing more. */
    public static void awaitStandstill(LongSupplier count) {
        var previous = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    long now = count.getAsLong();
                    return now == previous.getAndSet(now);
                });
    }

    private Progress() {}
}
