package io.sallyport.protocol;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.FromGateway;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Holds docs/protocol.md against the code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProtocolDocumentTest {
    private static final Map<Type, String> FORMS =
            Map.ofEntries(
                    Map.entry(ChannelKind.class, "channel kind"),
                    Map.entry(EndReason.class, "end reason"),
                    Map.entry(CloseReason.class, "close reason"),
                    Map.entry(Duration.class, "duration"),
                    Map.entry(Endpoint.class, "endpoint"),
                    Map.entry(Network.class, "network"),
                    Map.entry(Ticket.class, "ticket"),
                    Map.entry(OpeningKey.class, "opening key"),
                    Map.entry(SessionId.class, "bits64"),
                    Map.entry(SessionOpening.class, "opening"),
                    Map.entry(DataPorts.class, "optional data ports"),
                    Map.entry(RequestId.class, "request id"),
                    Map.entry(RefusalKind.class, "refusal kind"),
                    Map.entry(boolean.class, "flag"),
                    Map.entry(int.class, "u16"));

    private static final Map<String, String> LISTS =
            Map.of("services", "service", "listeners", "listener result");

    private final List<String> lines = read("docs/protocol.md");

    @Test
    void every_message_has_its_type_its_sender_and_its_fields() {
        assertThat(table("| type | message | sent by | fields |"))
                .containsExactlyElementsOf(
                        Samples.MESSAGES.stream()
                                .map(sample ->
                                        row(
                                                typeOf(sample.hex()),
                                                nameOf(sample.message()),
                                                senderOf(sample.message()),
                                                fieldsOf(sample.message().getClass())))
                                .toList());
    }

    @Test
    void every_structure_has_its_fields() {
        assertThat(table("| structure | fields |"))
                .containsExactly(
                        row("service", fieldsOf(ServiceSpec.class)),
                        row(
                                "listener result, opened",
                                "u8 `1`, " + fieldsOf(ListenerResult.Opened.class)),
                        row(
                                "listener result, failed",
                                "u8 `2`, " + fieldsOf(ListenerResult.Failed.class)),
                        row("opening", fieldsOf(SessionOpening.class)),
                        row("data ports", fieldsOf(DataPorts.class)),
                        row("request id", fieldsOf(RequestId.class)));
    }

    @Test
    void every_data_frame_has_its_type_and_its_payload() {
        assertThat(table("| type | frame | sent by | payload |"))
                .zipSatisfy(
                        Samples.FRAMES,
                        (row, sample) ->
                                assertThat(row)
                                        .startsWith(
                                                "| %s | %s | "
                                                        .formatted(
                                                                typeOf(sample.hex()),
                                                                nameOf(sample.frame())))
                                        .contains("| " + payloadOf(sample.frame())));
    }

    @Test
    void every_code_has_its_word() {
        assertThat(firstTwoColumns("| code | word |"))
                .containsExactlyElementsOf(
                        Arrays.stream(ChannelKind.values())
                                .map(kind -> row(kind.code(), lowerCase(kind)))
                                .toList());
        assertThat(firstTwoColumns("| code | word | why a session ended |"))
                .containsExactlyElementsOf(
                        Arrays.stream(EndReason.values())
                                .map(reason -> row(reason.code(), reason))
                                .toList());
        assertThat(firstTwoColumns("| code | word | why the gateway refused |"))
                .containsExactlyElementsOf(
                        Arrays.stream(RefusalKind.values())
                                .map(kind -> row(kind.code(), kind))
                                .toList());
        assertThat(firstTwoColumns("| code | word | why a control channel was closed |"))
                .containsExactlyElementsOf(
                        Arrays.stream(CloseReason.values())
                                .map(reason -> row(reason.code(), reason))
                                .toList());
    }

    @Test
    void every_bound_has_its_value() {
        assertThat(firstTwoColumns("| bound | value | of |"))
                .containsExactlyInAnyOrderElementsOf(bounds());
    }

    @Test
    void every_example_shows_what_the_code_writes() {
        assertThat(table("| message | bytes |"))
                .containsExactlyElementsOf(
                        Samples.MESSAGES.stream()
                                .map(sample -> example(nameOf(sample.message()), sample.hex()))
                                .toList());
        assertThat(table("| frame | bytes |"))
                .containsExactlyElementsOf(
                        Stream.concat(
                                        Samples.FRAMES.stream()
                                                .map(sample ->
                                                        example(
                                                                nameOf(sample.frame()),
                                                                sample.hex())),
                                        Stream.of(example("preamble", Samples.PREAMBLE)))
                                .toList());
    }

    @Test
    void what_tells_connections_apart_is_named() {
        String first = HexFormat.of().toHexDigits((byte) PlainPreamble.FIRST_BYTE);
        assertThat(lines)
                .anyMatch(line -> line.contains("`" + Protocol.ALPN_CONTROL + "` | a control"))
                .anyMatch(line -> line.contains("`" + Protocol.ALPN_DATA + "` | an encrypted data"))
                .anyMatch(line -> line.startsWith("| `" + first + "` |"))
                .anyMatch(line ->
                        line.startsWith(" " + Samples.PREAMBLE.substring(0, 2))
                                && line.contains(
                                        "the preamble is %d bytes".formatted(PlainPreamble.BYTES)))
                .anyMatch(line -> line.endsWith("minor version " + Protocol.MINOR + "."));
    }

    private static List<String> bounds() {
        return Arrays.stream(Protocol.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> !field.getName().equals("MINOR"))
                .filter(field -> field.getType() != String.class)
                .map(field -> {
                    try {
                        return row(field.getName(), shown(field.get(null)));
                    } catch (IllegalAccessException impossible) {
                        throw new AssertionError(impossible);
                    }
                })
                .toList();
    }

    private static Object shown(Object value) {
        return value instanceof Duration duration ? duration.toMillis() + " ms" : value;
    }

    private static int typeOf(String hex) {
        return HexFormat.fromHexDigits(hex, 0, 2);
    }

    private static String nameOf(ControlMessage message) {
        return message.getClass().getSimpleName();
    }

    private static String nameOf(DataFrame frame) {
        return frame.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String senderOf(ControlMessage message) {
        if (message instanceof FromAgent && message instanceof FromGateway) {
            return "both";
        }
        return message instanceof FromAgent ? "agent" : "gateway";
    }

    private static String payloadOf(DataFrame frame) {
        return switch (frame) {
            case DataFrame.Data _ -> "`bytes` of the session";
            case DataFrame.SealedOpen _ -> "`sealed` opening, then `next` ticket";
            case DataFrame.Opened _, DataFrame.End _ -> "nothing";
            case DataFrame.Ready _, DataFrame.Open _, DataFrame.Reset _ ->
                    fieldsOf(frame.getClass());
        };
    }

    private static String fieldsOf(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(field -> "`%s` %s".formatted(field.getName(), formOf(field)))
                .collect(joining(", "));
    }

    private static String formOf(RecordComponent field) {
        String name = field.getName();
        if (field.getGenericType() instanceof ParameterizedType list) {
            Type entry = list.getActualTypeArguments()[0];
            return "list of " + FORMS.getOrDefault(entry, LISTS.getOrDefault(name, "?"));
        }
        if (field.getDeclaringRecord() == SessionOpening.class && name.equals("request")) {
            return "optional request id";
        }
        return switch (name) {
            case "why" -> "why";
            case "host" -> "host";
            case "beside" -> "optional bits64";
            case "minor" -> "u16";
            case "revision" -> "u63";
            case "maxSessions" -> "count";
            default -> {
                if (field.getType() == String.class) {
                    yield "name";
                }
                yield field.getType() == long.class
                        ? "bits64"
                        : FORMS.getOrDefault(field.getType(), "?");
            }
        };
    }

    private static String example(String name, String hex) {
        return row(name, "`" + hex.strip() + "`");
    }

    private static String row(Object... cells) {
        return Arrays.stream(cells).map(String::valueOf).collect(joining(" | ", "| ", " |"));
    }

    private List<String> firstTwoColumns(String header) {
        return table(header).stream()
                .map(line -> line.split(" \\| "))
                .map(cells -> cells[0] + " | " + cells[1].replaceFirst(" \\|$", "") + " |")
                .toList();
    }

    /** The rows of the one table that begins with this line. */
    private List<String> table(String header) {
        int[] starts =
                IntStream.range(0, lines.size())
                        .filter(line -> lines.get(line).equals(header))
                        .toArray();
        assertThat(starts).as("tables that begin with " + header).hasSize(1);
        return lines.stream().skip(starts[0] + 2).takeWhile(line -> line.startsWith("|")).toList();
    }

    private static List<String> read(String file) {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            if (Files.exists(folder.resolve(file))) {
                try {
                    return Files.readAllLines(folder.resolve(file));
                } catch (IOException unreadable) {
                    throw new AssertionError(unreadable);
                }
            }
        }
        throw new AssertionError("no " + file + " above " + Path.of("").toAbsolutePath());
    }
}
