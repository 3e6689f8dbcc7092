package io.sallyport.acceptance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.product.Repository;
import io.sallyport.agent.config.AgentConfigFile;
import io.sallyport.gateway.config.GatewayConfigFile;
import io.sallyport.process.yaml.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configuration's page names every key that is read, and no other, and its range if it has one.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigurationReferenceTest {
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-zA-Z.-]+)` \\|");
    // A key that nothing resembles makes the reader tell the keys that it knows.
    private static final String ODD = "qqqqqqqqqqqqqqqqqqqqqqqqqqqq";
    private static final Pattern KNOWN =
            Pattern.compile(":\\d+: (.*)" + ODD + ": unknown key; known here: (.*)");

    private static final Pattern RANGE =
            Pattern.compile("must be a (?:time|whole number) from (\\w+) to (\\w+)");

    private static final Pattern KEY = Pattern.compile("[a-z-]+");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private interface Reader {
        Object read(Path file) throws ConfigurationException;
    }

    private Set<String> keysRead(String yaml, Reader reader) throws IOException {
        Path file = Files.writeString(folder.resolve("odd.yaml"), yaml.replace("ODD", ODD + ": 1"));
        var keys = new TreeSet<String>();
        try {
            reader.read(file);
        } catch (ConfigurationException faulty) {
            for (String fault : faulty.faults()) {
                var known = KNOWN.matcher(fault);
                if (known.find()) {
                    KEY.matcher(known.group(2))
                            .results()
                            .forEach(key ->
                                    keys.add(known.group(1).replace("[0]", "") + key.group()));
                }
            }
        }
        return keys;
    }

    @Test
    void every_key_is_on_the_page_and_no_other() throws IOException {
        Set<String> read =
                keysRead(
                        "{ODD, gateway: {ODD, tls: {ODD}}, policy: {ODD}, limits: {ODD}}",
                        GatewayConfigFile::read);
        read.addAll(
                keysRead(
                        "{ODD, agent: {ODD, tls: {ODD}}, services: {NAME: {ODD, protocol: ftp, tls:"
                            + " {ODD}, passive: {ODD, inside: {ODD}}}}, forward: {ODD, socks:"
                            + " {ODD}, http: {ODD}, ftp: {ODD}, tunnels: [{ODD}], bind: {ODD}}}",
                        AgentConfigFile::read));
        // Sections are on the page by their keys.
        read.removeAll(
                Set.of(
                        "gateway",
                        "gateway.tls",
                        "policy",
                        "limits",
                        "agent",
                        "agent.tls",
                        "services",
                        "services.NAME.passive",
                        "services.NAME.passive.inside",
                        "forward",
                        "forward.socks",
                        "forward.http",
                        "forward.ftp",
                        "forward.tunnels",
                        "forward.bind"));

        assertThat(read).hasSizeGreaterThan(30);
        assertThat(documented()).isEqualTo(read);
    }

    @Test
    void the_range_of_every_number_and_time_is_on_the_page() throws IOException {
        int ranges = 0;
        for (String key : documented()) {
            Matcher range = RANGE.matcher(String.join("\n", faultsOf(key)));
            if (range.find()) {
                ranges++;
                assertThat(rowOf(key))
                        .contains("(`%s` to `%s`)".formatted(range.group(1), range.group(2)));
            } else {
                assertThat(rowOf(key)).doesNotContain(" to `");
            }
        }
        assertThat(ranges).isGreaterThan(10);
    }

    /** What the readers say of the key if its value is nothing that any key may have. */
    private List<String> faultsOf(String key) throws IOException {
        String yaml =
                key.replace(".", ": {") + ": " + ODD + "}".repeat(key.split("\\.").length - 1);
        Path file = Files.writeString(folder.resolve("one.yaml"), yaml);
        List<Reader> readers = List.of(GatewayConfigFile::read, AgentConfigFile::read);
        return readers.stream()
                .flatMap(reader -> faults(reader, file).stream())
                .filter(fault -> fault.contains(": " + key + ": "))
                .toList();
    }

    private static List<String> faults(Reader reader, Path file) {
        try {
            reader.read(file);
            return List.of();
        } catch (ConfigurationException faulty) {
            return faulty.faults();
        }
    }

    private static Set<String> documented() throws IOException {
        var keys = new TreeSet<String>();
        DOCUMENTED.matcher(page()).results().forEach(row -> keys.add(row.group(1)));
        return keys;
    }

    private static String rowOf(String key) throws IOException {
        return page().lines()
                .filter(line -> line.startsWith("| `" + key + "` |"))
                .findFirst()
                .orElseThrow();
    }

    private static String page() throws IOException {
        return Files.readString(Repository.root().resolve("docs/configuration.md"));
    }
}
