package io.sallyport.agent.peer;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What the agent logs while this is open. */
public final class RecordedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.sallyport.agent");
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** One line: what happened, and to whom. */
    public record Line(Level level, String event, Map<String, String> fields) {
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    public RecordedLog() {
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        var pairs =
                event.getKeyValuePairs() == null
                        ? List.<org.slf4j.event.KeyValuePair>of()
                        : event.getKeyValuePairs();
        lines.add(
                new Line(
                        event.getLevel(),
                        event.getFormattedMessage(),
                        pairs.stream()
                                .collect(
                                        Collectors.toMap(
                                                pair -> pair.key,
                                                pair -> String.valueOf(pair.value)))));
    }

    public Stream<Line> lines(String event) {
        return lines.stream().filter(line -> line.event().equals(event));
    }

    /** The first line of this event, as soon as there is one. */
    public Line awaitLine(String event) {
        await().atMost(PATIENCE).until(() -> lines(event).findAny().isPresent());
        return lines(event).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
