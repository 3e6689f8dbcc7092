package io.sallyport.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Writes lines on a thread of its own, and those that come close together at once: a busy process
 * logs thousands a second, and to wake a thread and to call the system for each costs more than the
 * line. In a quiet process a line is written as it comes; then lines gather for a moment too short
 * for people. A warning waits for nothing, and neither does the end.
 *
 * <p>Whoever logs never waits: lines beyond the capacity are dropped.
 */
final class BatchAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** Bounds the memory that a batch takes. */
    private static final int BATCH_LINES_MAX = 1024;

    /** Few lines are longer: the text of a batch need not be moved as it grows. */
    private static final int LINE_CHARACTERS = 256;

    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(2);

    private final BiConsumer<ILoggingEvent, StringBuilder> layout;
    private final PrintStream out;
    private final int capacity;
    private final Duration pause;
    private final BlockingQueue<ILoggingEvent> waiting;

    /** Its permits end a pause. */
    private final Semaphore hurry = new Semaphore(0);

    private final Thread writer = Thread.ofPlatform().daemon().name("log").unstarted(this::write);

    /**
     * @param layout appends an event's lines
     */
    BatchAppender(
            BiConsumer<ILoggingEvent, StringBuilder> layout,
            PrintStream out,
            int capacity,
            Duration pause) {
        this.layout = layout;
        this.out = out;
        this.capacity = capacity;
        this.pause = pause;
        waiting = new ArrayBlockingQueue<>(capacity);
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // It is kept. What the arguments say may have changed when it is written, and it's all that
        // a line takes from this moment.
        var _ = event.getFormattedMessage();
        boolean accepted = waiting.offer(event);
        if (!accepted
                || event.getLevel().isGreaterOrEqual(Level.WARN)
                || waiting.size() >= capacity / 2) {
            hurry.release();
        }
    }

    /** Returns when all that was logged is written, or can't be because nobody reads it. */
    @Override
    public void stop() {
        super.stop();
        writer.interrupt();
        try {
            writer.join(PATIENCE_AT_END);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<ILoggingEvent> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch, BATCH_LINES_MAX - 1);
                boolean more = batch.size() == BATCH_LINES_MAX;
                write(batch);
                if (!more && hurry.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    hurry.drainPermits();
                }
            }
        } catch (InterruptedException stopped) {
            while (waiting.drainTo(batch, BATCH_LINES_MAX) > 0) {
                write(batch);
            }
        }
    }

    private void write(List<ILoggingEvent> batch) {
        var text = new StringBuilder(batch.size() * LINE_CHARACTERS);
        for (ILoggingEvent event : batch) {
            addLines(event, text);
        }
        batch.clear();
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    /** An event that fails takes no other with it. */
    private void addLines(ILoggingEvent event, StringBuilder text) {
        int before = text.length();
        try {
            layout.accept(event, text);
        } catch (RuntimeException defect) {
            text.setLength(before);
            addError("can't write a line", defect);
        }
    }
}
