package io.sallyport.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.sallyport.process.Printable;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line per event: what happened, and the fields that say to whom. Times are UTC with
 * milliseconds.
 */
final class EventLayout {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int MILLIS = 1000;
    private static final int LEVEL_WIDTH = 5;
    private static final int CAUSES_MAX = 8;

    private final JsonFactory jsonFactory = JsonFactory.builder().build();
    private final LogFormat format;

    /** The last second told: most lines share it with the one before, and to format it is dear. */
    private Second second = new Second(Long.MIN_VALUE, "");

    EventLayout(LogFormat format) {
        this.format = format;
    }

    /** Appends an event to lines. */
    void write(ILoggingEvent event, StringBuilder lines) {
        switch (format) {
            case TEXT -> text(event, lines);
            case JSON -> json(event, lines);
        }
    }

    private String time(ILoggingEvent event) {
        long number = Math.floorDiv(event.getTimeStamp(), MILLIS);
        Second told = second;
        if (told.number != number) {
            told = new Second(number, SECOND.format(Instant.ofEpochSecond(number)));
            second = told;
        }
        int millis = Math.floorMod(event.getTimeStamp(), MILLIS);
        String leadingZeros = millis < 10 ? "00" : millis < 100 ? "0" : "";
        return told.text + leadingZeros + millis + 'Z';
    }

    private static List<KeyValuePair> fields(ILoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        return fields == null ? List.of() : fields;
    }

    private void text(ILoggingEvent event, StringBuilder line) {
        String level = event.getLevel().toString();
        line.append(time(event))
                .append(' ')
                .append(level)
                .repeat(' ', LEVEL_WIDTH - level.length())
                .append(' ')
                .append(Printable.of(event.getFormattedMessage()));
        for (KeyValuePair field : fields(event)) {
            line.append(' ').append(field.key).append('=');
            if (field.value instanceof Long number) {
                line.append(number.longValue());
            } else {
                line.append(quoted(String.valueOf(field.value)));
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(" error=").append(quoted(messages(thrown)));
        }
        line.append('\n');
        if (thrown != null && event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            // The indent keeps a message that has lines of its own from looking like an event.
            ThrowableProxyUtil.asString(thrown)
                    .lines()
                    .forEach(frame ->
                            line.append('\t').append(Printable.of(frame.strip())).append('\n'));
        }
    }

    /** What went wrong and why, without repeating what an exception took over from its cause. */
    private static String messages(IThrowableProxy thrown) {
        List<String> messages = new ArrayList<>();
        IThrowableProxy cause = thrown;
        while (cause != null && messages.size() < CAUSES_MAX) {
            String message = cause.getMessage() == null ? cause.getClassName() : cause.getMessage();
            if (messages.isEmpty() || !messages.getLast().contains(message)) {
                messages.add(message);
            }
            cause = cause.getCause();
        }
        return String.join(": ", messages);
    }

    private static String quoted(String value) {
        boolean plain =
                !value.isEmpty() && Printable.of(value).equals(value) && !needsQuotes(value);
        if (plain) {
            return value;
        }
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + Printable.of(escaped) + '"';
    }

    private static boolean needsQuotes(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (Character.isSpaceChar(character)
                    || character == '"'
                    || character == '='
                    || character == '\\') {
                return true;
            }
        }
        return false;
    }

    private void json(ILoggingEvent event, StringBuilder line) {
        var out = new StringWriter();
        try (JsonGenerator json = jsonFactory.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("time", time(event));
            json.writeStringProperty("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            json.writeStringProperty("event", event.getFormattedMessage());
            for (KeyValuePair field : fields(event)) {
                json.writeName(field.key);
                switch (field.value) {
                    case null -> json.writeNull();
                    case Boolean truth -> json.writeBoolean(truth);
                    case Integer number -> json.writeNumber(number);
                    case Long number -> json.writeNumber(number);
                    case Double number -> json.writeNumber(number);
                    default -> json.writeString(field.value.toString());
                }
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeStringProperty("error", messages(thrown));
                if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                    json.writeStringProperty("stack", ThrowableProxyUtil.asString(thrown));
                }
            }
            json.writeEndObject();
        }
        line.append(out.getBuffer()).append('\n');
    }

    private record Second(long number, String text) {}
}
