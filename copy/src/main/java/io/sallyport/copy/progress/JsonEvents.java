package io.sallyport.copy.progress;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object a line, for programs; at most one a second while a file moves. */
public final class JsonEvents implements Progress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter out;
    private final LongSupplier nanoClock;
    private final JsonFactory factory = JsonFactory.builder().build();
    private @Nullable FileStart file;
    private long told;

    public JsonEvents(PrintWriter out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
    }

    @Override
    public void started(FileStart start) {
        file = start;
        told = nanoClock.getAsLong();
        event(
                "started",
                json -> {
                    json.writeStringProperty("file", start.name());
                    json.writeNumberProperty("bytes", start.bytes());
                    json.writeNumberProperty("from", start.alreadyThere());
                });
    }

    @Override
    public void moved(long bytes) {
        FileStart current = file;
        if (current == null || nanoClock.getAsLong() - told < EVERY_NANOS) {
            return;
        }
        told = nanoClock.getAsLong();
        event(
                "moved",
                json -> {
                    json.writeStringProperty("file", current.name());
                    json.writeNumberProperty("there", bytes);
                    json.writeNumberProperty("bytes", current.bytes());
                });
    }

    @Override
    public void done(FileDone done) {
        event(
                "done",
                json -> {
                    json.writeStringProperty("file", done.name());
                    json.writeNumberProperty("bytes", done.bytes());
                    json.writeNumberProperty("moved", done.moved());
                    json.writeNumberProperty("millis", done.millis());
                    json.writeStringProperty("checked", done.checked());
                });
    }

    @Override
    public void failed(String name, String sentence, int exitCode) {
        event(
                "failed",
                json -> {
                    json.writeStringProperty("file", name);
                    json.writeStringProperty("error", sentence);
                    json.writeNumberProperty("exit", exitCode);
                });
    }

    @Override
    public void note(String sentence) {
        event("note", json -> json.writeStringProperty("text", sentence));
    }

    private void event(String name, Consumer<JsonGenerator> fields) {
        var line = new StringWriter();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("event", name);
            fields.accept(json);
            json.writeEndObject();
        }
        out.println(line);
        out.flush();
    }
}
