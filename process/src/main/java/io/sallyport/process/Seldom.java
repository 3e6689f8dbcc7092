package io.sallyport.process;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps what strangers can cause from flooding the log: allows one line an interval and counts the
 * others.
 */
public final class Seldom {
    private final long intervalNanos;
    private final AtomicLong lastNanos;
    private final AtomicLong unsaid = new AtomicLong();

    public Seldom(Duration interval) {
        intervalNanos = interval.toNanos();
        lastNanos = new AtomicLong(System.nanoTime() - intervalNanos);
    }

    /** Whether a line may be written now. If not, it is counted. */
    public boolean maySpeak() {
        long last = lastNanos.get();
        long now = System.nanoTime();
        if (now - last >= intervalNanos && lastNanos.compareAndSet(last, now)) {
            return true;
        }
        unsaid.incrementAndGet();
        return false;
    }

    /** How many lines were not written since the last one that was. */
    public long unsaid() {
        return unsaid.getAndSet(0);
    }
}
