package io.sallyport.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventLayoutTest {
    private static String line(LogFormat format, Consumer<Logger> call) {
        var context = new LoggerContext();
        var layout = new EventLayout(format);
        var written = new StringBuilder();
        var appender =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        layout.write(event, written);
                    }
                };
        appender.setContext(context);
        appender.start();
        var logger = context.getLogger("test");
        logger.addAppender(appender);
        call.accept(logger);
        return written.toString();
    }

    @Test
    void a_line_for_people_has_time_level_event_and_fields() {
        assertThat(
                        line(
                                LogFormat.TEXT,
                                log ->
                                        log.atInfo()
                                                .addKeyValue("service", "files")
                                                .addKeyValue("seconds", 1.5)
                                                .addKeyValue("why", "no more \"bytes\"")
                                                .log("session ended")))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  session ended"
                            + " service=files seconds=1\\.5 why=\"no more \\\\\"bytes\\\\\"\"\\n");
    }

    @Test
    void a_line_for_machines_is_one_json_object_with_typed_fields() {
        assertThat(
                        line(
                                LogFormat.JSON,
                                log ->
                                        log.atWarn()
                                                .addKeyValue("bytes", 7L)
                                                .addKeyValue("replaced", true)
                                                .addKeyValue("partner", "192.0.2.1:5")
                                                .log("session ended")))
                .matches(
                        "\\{\"time\":\"[^\"]+Z\",\"level\":\"warn\",\"event\":\"session"
                                + " ended\",\"bytes\":7,"
                                + "\"replaced\":true,\"partner\":\"192.0.2.1:5\"\\}\\n");
    }

    @Test
    void what_a_stranger_sent_can_neither_forge_a_line_nor_drive_a_terminal() {
        assertThat(
                        line(
                                LogFormat.TEXT,
                                log ->
                                        log.atInfo()
                                                .addKeyValue(
                                                        "why",
                                                        "a\n2026-01-01 INFO forged\u001b[31m")
                                                .log("refused")))
                .hasLineCount(1)
                .contains("a\\u000a2026-01-01 INFO forged\\u001b[31m");
    }

    @Test
    void a_fault_of_the_world_is_told_without_its_stack_and_one_of_ours_with_it() {
        var cause = new IllegalStateException("oops");
        assertThat(line(LogFormat.TEXT, log -> log.atWarn().setCause(cause).log("failed")))
                .contains("oops")
                .doesNotContain("\tat ");
        assertThat(line(LogFormat.TEXT, log -> log.atError().setCause(cause).log("failed")))
                .contains("\tat ");
    }
}
