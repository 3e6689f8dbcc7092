package io.sallyport.bench.report;

import java.io.StringWriter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A run as a program reads it: every sample, nothing computed. */
public final class Json {
    public static String of(Run run) {
        var out = new StringWriter();
        try (JsonGenerator json =
                JsonFactory.builder().build().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("began", run.began().toString());
            json.writeStringProperty("command", run.command());
            json.writeObjectPropertyStart("machine");
            run.machine().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("samples");
            run.samples().all().forEach(sample -> write(json, sample));
            json.writeEndArray();
            json.writeArrayPropertyStart("failures");
            run.failures().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static void write(JsonGenerator json, Sample sample) {
        json.writeStartObject();
        json.writeStringProperty("test", sample.test());
        json.writeStringProperty("target", sample.target());
        json.writeNumberProperty("round-trip-ms", sample.roundTripMillis());
        json.writeNumberProperty("repetition", sample.repetition());
        sample.values()
                .forEach((metric, value) ->
                        json.writeNumberProperty(
                                metric.name().toLowerCase(Locale.ROOT).replace('_', '-'), value));
        json.writeNumberProperty("foreign-cores", sample.noise().foreignCores());
        json.writeNumberProperty("steal-cores", sample.noise().stealCores());
        json.writeNumberProperty("load", sample.noise().load());
        json.writeEndObject();
    }

    private Json() {}
}
