package io.sallyport.bench.soak;

import java.io.PrintWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What happened in all sessions together. */
final class Findings {
    private static final int SHOWN_MAX = 10;

    private final PrintWriter progress;
    private final LongAdder whole = new LongAdder();
    private final LongAdder reset = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final Queue<String> first = new ConcurrentLinkedQueue<>();

    Findings(PrintWriter progress) {
        this.progress = progress;
    }

    void whole(long bytesMoved) {
        whole.increment();
        bytes.add(bytesMoved);
    }

    void reset() {
        reset.increment();
    }

    /** Told at once, too: a soak is long. */
    void damage(String what) {
        faults.increment();
        progress.println("fault: " + what);
        progress.flush();
        if (first.size() < SHOWN_MAX) {
            first.add(what);
        }
    }

    long sessions() {
        return whole.sum() + reset.sum();
    }

    List<String> faults() {
        return List.copyOf(first);
    }

    @Override
    public String toString() {
        return "%,d sessions whole, %,d reset, %,d MiB, %,d faults"
                .formatted(whole.sum(), reset.sum(), bytes.sum() >> 20, faults.sum());
    }
}
