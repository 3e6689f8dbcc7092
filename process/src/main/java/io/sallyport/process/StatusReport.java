package io.sallyport.process;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a running process shows of itself.
 *
 * @param facts single values by name, in the order to show them
 * @param tables lists of things of one kind
 */
public record StatusReport(Map<String, Object> facts, List<Table> tables) {

    /**
     * A list of things of one kind.
     *
     * @param columns keys in JSON, headings in text
     * @param rows one value per column: text, a number or a truth value
     */
    public record Table(String name, List<String> columns, List<List<Object>> rows) {}

    /**
     * One JSON object: the facts as fields, and each table as a list of objects. A fact with the
     * name of a table is its number of rows, and left out.
     */
    public String toJson() {
        var out = new StringWriter();
        try (JsonGenerator json =
                JsonFactory.builder().build().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            facts.forEach((name, value) -> {
                if (tables.stream().noneMatch(table -> table.name().equals(name))) {
                    writeField(json, name, value);
                }
            });
            for (Table table : tables) {
                json.writeName(table.name());
                json.writeStartArray();
                for (List<Object> row : table.rows()) {
                    json.writeStartObject();
                    for (int i = 0; i < row.size(); i++) {
                        writeField(json, table.columns().get(i), row.get(i));
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static void writeField(JsonGenerator json, String name, Object value) {
        json.writeName(name);
        switch (value) {
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }

    /** For people: facts a line each, then the tables with aligned columns. */
    public String toText() {
        var text = new StringBuilder();
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        facts.forEach((name, value) ->
                text.append(padded(name, width)).append("  ").append(cell(value)).append('\n'));
        for (Table table : tables) {
            text.append('\n').append(table.name()).append('\n');
            if (table.rows().isEmpty()) {
                text.append("  none\n");
            } else {
                appendRows(text, table);
            }
        }
        return text.toString();
    }

    private static void appendRows(StringBuilder text, Table table) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.columns());
        table.rows().forEach(row -> lines.add(row.stream().map(StatusReport::cell).toList()));
        int[] widths = new int[table.columns().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            var row = new StringBuilder(" ");
            for (int i = 0; i < line.size(); i++) {
                row.append(' ').append(padded(line.get(i), widths[i])).append(' ');
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
    }

    /** Reasons and names come from peers too, and must not drive the terminal. */
    private static String cell(Object value) {
        return Printable.of(value.toString());
    }

    private static String padded(String value, int width) {
        return value + " ".repeat(width - value.length());
    }
}
