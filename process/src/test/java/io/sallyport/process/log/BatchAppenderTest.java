package io.sallyport.process.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With pauses that last longer than the test, but for what is to end them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class BatchAppenderTest {
    private static final int CAPACITY = 4000;

    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("test");
    private final Terminal terminal = new Terminal();
    private final BatchAppender appender = appender(Duration.ofHours(1));

    private BatchAppender appender(Duration pause) {
        var appender =
                new BatchAppender(
                        BatchAppenderTest::message,
                        new PrintStream(terminal, false),
                        CAPACITY,
                        pause);
        appender.setContext(context);
        return appender;
    }

    @BeforeEach
    void start() {
        appender.start();
        log.setLevel(Level.INFO);
        log.addAppender(appender);
    }

    @AfterEach
    void stop() {
        terminal.reads.countDown();
        context.stop();
    }

    @Test
    void in_a_quiet_process_a_line_is_written_as_it_comes() {
        log.info("ready");

        terminal.awaitLines("ready");
    }

    @Test
    void lines_that_come_soon_after_are_written_together() {
        startPause();
        log.info("second");
        log.info("third");
        log.warn("fourth");

        terminal.awaitLines("first", "second", "third", "fourth");
        assertThat(terminal.writes).containsExactly("first\n", "second\nthird\nfourth\n");
    }

    @Test
    void they_wait_for_a_moment_only() {
        log.detachAppender(appender);
        var withMoments = appender(Duration.ofMillis(20));
        withMoments.start();
        log.addAppender(withMoments);

        log.info("first");
        log.info("second");

        terminal.awaitLines("first", "second");
        withMoments.stop();
    }

    @Test
    void a_warning_is_there_at_once_with_all_that_came_before() {
        startPause();
        log.info("second");

        log.warn("careful");

        terminal.awaitLines("first", "second", "careful");
    }

    @Test
    void many_lines_do_not_wait() {
        startPause();

        IntStream.range(0, CAPACITY / 2).forEach(i -> log.info("line {}", i));

        terminal.awaitLineCount(1 + CAPACITY / 2);
    }

    @Test
    void no_line_is_lost_and_none_overtakes_another() {
        String[] lines =
                IntStream.range(0, CAPACITY).mapToObj("line %d"::formatted).toArray(String[]::new);

        List.of(lines).forEach(log::info);
        appender.stop();

        assertThat(terminal.lines()).containsExactly(lines);
    }

    @Test
    void the_end_writes_what_waits() {
        startPause();
        log.info("second");

        appender.stop();

        assertThat(terminal.lines()).containsExactly("first", "second");
    }

    @Test
    void a_line_tells_what_was_when_it_was_logged() {
        startPause();
        var state = new StringBuilder("before");

        log.info("{}", state);
        state.replace(0, state.length(), "after");
        appender.stop();

        assertThat(terminal.lines()).containsExactly("first", "before");
    }

    @Test
    void a_terminal_that_does_not_read_holds_up_nobody() throws InterruptedException {
        terminal.reads = new CountDownLatch(1);
        log.info("first");
        terminal.writing.await();

        IntStream.range(0, 2 * CAPACITY).forEach(i -> log.info("line {}", i));
        terminal.reads.countDown();
        appender.stop();

        assertThat(terminal.lines()).hasSize(1 + CAPACITY).endsWith("line " + (CAPACITY - 1));
    }

    @Test
    void a_line_that_fails_takes_no_other_with_it() {
        log.info("first");
        log.info("broken");
        log.info("last");

        appender.stop();

        assertThat(terminal.lines()).containsExactly("first", "last");
    }

    private void startPause() {
        log.info("first");
        terminal.awaitLines("first");
    }

    private static void message(ILoggingEvent event, StringBuilder lines) {
        lines.append(event.getFormattedMessage());
        if (event.getMessage().equals("broken")) {
            throw new IllegalStateException("a layout with a defect");
        }
        lines.append('\n');
    }

    /** Remembers each write; reads only when it may. */
    private static final class Terminal extends OutputStream {
        private final List<String> writes = new CopyOnWriteArrayList<>();
        private final CountDownLatch writing = new CountDownLatch(1);
        private volatile CountDownLatch reads = new CountDownLatch(0);

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            writing.countDown();
            boolean interrupted = false;
            while (true) {
                try {
                    reads.await();
                    break;
                } catch (InterruptedException stopped) {
                    // A write to a real terminal can't be interrupted either.
                    interrupted = true;
                }
            }
            writes.add(new String(bytes, from, length, StandardCharsets.UTF_8));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        List<String> lines() {
            return String.join("", writes).lines().toList();
        }

        void awaitLines(String... lines) {
            await().until(this::lines, List.of(lines)::equals);
        }

        void awaitLineCount(int count) {
            await().until(() -> lines().size() == count);
        }
    }
}
