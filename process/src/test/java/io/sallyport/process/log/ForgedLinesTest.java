package io.sallyport.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What strangers choose can't become a line or a field of its own; causes are told whole. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForgedLinesTest {
    /** Without the time. */
    private static String written(LogFormat format, Consumer<Logger> call) {
        var context = new LoggerContext();
        var events = new ListAppender<ILoggingEvent>();
        events.setContext(context);
        events.start();
        var logger = context.getLogger("test");
        logger.addAppender(events);
        call.accept(logger);
        var line = new StringBuilder();
        new EventLayout(format).write(events.list.getFirst(), line);
        return line.toString().replaceFirst("^\\S+Z |\"time\":\"[^\"]+\",", "");
    }

    @Test
    void a_backslash_before_a_quote_does_not_end_a_value() {
        assertThat(
                        written(
                                LogFormat.TEXT,
                                log ->
                                        log.atInfo()
                                                .addKeyValue("user", "eve\\\" user=root")
                                                .log("refused")))
                .isEqualTo("INFO  refused user=\"eve\\\\\\\" user=root\"\n");
    }

    @Test
    void line_separators_and_turned_reading_directions_are_escaped() {
        assertThat(
                        written(
                                LogFormat.TEXT,
                                log ->
                                        log.atInfo()
                                                .addKeyValue("user", "a\u2028b\u202ec")
                                                .log("refused")))
                .isEqualTo("INFO  refused user=\"a\\u2028b\\u202ec\"\n");
    }

    @Test
    void the_lines_of_a_message_under_a_stack_do_not_look_like_events() {
        String written =
                written(
                        LogFormat.TEXT,
                        log ->
                                log.atError()
                                        .setCause(
                                                new IllegalStateException(
                                                        "bad\n2026-01-01T00:00:00.000Z INFO  all"
                                                                + " is well"))
                                        .log("failed"));

        assertThat(written.lines().skip(1)).allMatch(line -> line.startsWith("\t"));
    }

    @Test
    void causes_are_told_and_what_one_quotes_of_another_is_told_once() {
        var refused = new IOException("port in use");

        assertThat(
                        written(
                                LogFormat.TEXT,
                                log ->
                                        log.atWarn()
                                                .setCause(
                                                        new IllegalStateException(
                                                                "can't listen", refused))
                                                .log("failed")))
                .isEqualTo("WARN  failed error=\"can't listen: port in use\"\n");
        assertThat(
                        written(
                                LogFormat.JSON,
                                log ->
                                        log.atWarn()
                                                .setCause(new IllegalStateException(refused))
                                                .log("failed")))
                .isEqualTo(
                        "{\"level\":\"warn\",\"event\":\"failed\","
                                + "\"error\":\"java.io.IOException: port in use\"}\n");
    }
}
