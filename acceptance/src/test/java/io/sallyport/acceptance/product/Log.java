package io.sallyport.acceptance.product;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What a process writes, line by line, kept here and in a file that outlives the test. Filled by a
 * thread of its own, read by the test.
 */
public final class Log {
    private static final int SHOWN_LINES = 40;

    private final Path file;
    private final List<LogEvent> events = new ArrayList<>();
    private final Thread reader;

    Log(InputStream lines, Path file) {
        this.file = file;
        // Not a virtual one: reading a pipe keeps the thread under it, and those are few.
        this.reader = Thread.ofPlatform().daemon().start(() -> follow(lines));
    }

    public synchronized List<LogEvent> events() {
        return List.copyOf(events);
    }

    public List<LogEvent> events(Predicate<LogEvent> wanted) {
        return events().stream().filter(wanted).toList();
    }

    /** How much was written so far: a mark for {@link #awaitEventAfter}. */
    public synchronized int size() {
        return events.size();
    }

    public LogEvent awaitEvent(String what, Predicate<LogEvent> wanted) {
        return awaitEventAfter(0, what, wanted);
    }

    /** Waits for an event that was written after the mark. */
    public LogEvent awaitEventAfter(int mark, String what, Predicate<LogEvent> wanted) {
        try {
            return await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> firstAfter(mark, wanted), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException absent) {
            throw new AssertionError("the log does not say: " + what + "\n" + this, absent);
        }
    }

    /** The last lines, for messages of failed tests. */
    @Override
    public synchronized String toString() {
        var shown = new StringBuilder(file + ":\n");
        events.stream()
                .skip(Math.max(0, events.size() - SHOWN_LINES))
                .forEach(event -> shown.append("  ").append(event.line()).append('\n'));
        return shown.toString();
    }

    /** Waits until the process has closed its end. */
    void awaitEnd() throws InterruptedException {
        reader.join(Duration.ofSeconds(5));
    }

    private synchronized Optional<LogEvent> firstAfter(int mark, Predicate<LogEvent> wanted) {
        return events.stream().skip(mark).filter(wanted).findFirst();
    }

    private void follow(InputStream lines) {
        try (var reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
                var writer = new PrintWriter(Files.newBufferedWriter(file), true)) {
            String line = reader.readLine();
            while (line != null) {
                writer.println(line);
                LogEvent event = LogEvent.parse(line);
                synchronized (this) {
                    events.add(event);
                }
                line = reader.readLine();
            }
        } catch (IOException ended) {
            // The test ended the process, and with it this stream.
        }
    }
}
