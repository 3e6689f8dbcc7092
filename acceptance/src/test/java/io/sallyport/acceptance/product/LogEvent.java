package io.sallyport.acceptance.product;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One line of a process's log.
 *
 * @param line as it was written
 * @param fields the line's JSON, flat; empty if the line is not JSON
 */
public record LogEvent(String line, Map<String, String> fields) {
    public LogEvent {
        fields = Map.copyOf(fields);
    }

    static LogEvent parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (line.startsWith("{")) {
            try {
                flatten(Json.object(line), fields);
            } catch (JacksonException | IllegalArgumentException notJson) {
                fields.clear();
            }
        }
        return new LogEvent(line, fields);
    }

    /** The event's name; empty for a line that is not JSON. */
    public String event() {
        return fields.getOrDefault(Words.LOG_EVENT, "");
    }

    public String level() {
        return fields.getOrDefault(Words.LOG_LEVEL, "");
    }

    /** The value of a field; empty if the event has none. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    public Instant time() {
        return Instant.parse(field(Words.LOG_TIME));
    }

    public boolean isProblem() {
        return level().equals("warn") || level().equals("error");
    }

    @Override
    public String toString() {
        return line;
    }

    private static void flatten(Map<?, ?> object, Map<String, String> into) {
        object.forEach((name, value) -> flatten(String.valueOf(name), value, into));
    }

    private static void flatten(String name, @Nullable Object value, Map<String, String> into) {
        switch (value) {
            case null -> {}
            case Map<?, ?> nested -> flatten(nested, into);
            case List<?> list -> {
                for (Object element : list) {
                    flatten(name, element, into);
                }
            }
            default -> into.put(name, value.toString());
        }
    }
}
