package io.sallyport.process.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SectionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Section read(String yaml) throws Exception {
        return YamlFile.read(Files.writeString(folder.resolve("some.yaml"), yaml));
    }

    private List<String> faults(Section section) {
        try {
            section.faults().throwIfAny();
            return List.of();
        } catch (ConfigurationException faulty) {
            return faulty.faults().stream().map(fault -> fault.replace(folder + "/", "")).toList();
        }
    }

    @Test
    void every_fault_is_told_at_once_with_its_line_and_path() throws Exception {
        Section root = read("agent:\n  name: UPPER\n  port: seventy\nlisten: 1\n");
        Section agent = root.section("agent");
        agent.value("name", Values.NAME_VALUE);
        agent.value("port", Values.number(1, 65_535));
        agent.value("missing", Values.BOOLEAN);
        agent.end();
        root.end();
        assertThat(faults(root))
                .containsExactly(
                        "some.yaml:2: agent.name: must be a name of at most 63 lower-case letters,"
                                + " digits, dots and hyphens, but is 'UPPER'",
                        "some.yaml:3: agent.port: must be a whole number from 1 to 65535, but is"
                                + " 'seventy' (For input string: \"seventy\")",
                        "some.yaml:2: agent.missing: is missing: it must be true or false",
                        "some.yaml:4: listen: unknown key; known here: agent");
    }

    @Test
    void what_is_missing_in_an_empty_section_is_told_at_its_line() throws Exception {
        Section root = read("name: a\nagent:\n");

        root.section("agent").value("reuse", Values.BOOLEAN);

        assertThat(faults(root))
                .containsExactly("some.yaml:2: agent.reuse: is missing: it must be true or false");
    }

    @Test
    void a_warning_is_told_with_its_place_and_is_no_fault() throws Exception {
        Section root = read("agent:\n  ports: 1-2\n");

        root.section("agent").warn("ports", "are few");

        assertThat(faults(root)).isEmpty();
        assertThat(root.faults().warnings())
                .containsExactly(folder.resolve("some.yaml") + ":2: agent.ports: warning: are few");
    }

    @Test
    void a_key_may_take_a_word_or_a_mapping() throws Exception {
        Section root = read("word: a\nmapping: {b: 1}\nnothing:\n");

        assertThat(root.isSection("mapping")).isTrue();
        assertThat(List.of(root.isSection("word"), root.isSection("nothing"))).containsOnly(false);
    }

    @Test
    void an_unknown_key_names_the_nearest_known_one() throws Exception {
        Section root = read("lisen: 0.0.0.0:22\n");
        root.has("listen");
        root.has("origin");
        root.end();
        assertThat(faults(root))
                .containsExactly("some.yaml:1: lisen: unknown key; did you mean 'listen'?");
    }

    @Test
    void a_key_that_stands_twice_is_a_fault() throws Exception {
        assertThat(faults(read("name: a\nname: b\n")))
                .containsExactly("some.yaml:2: name: the key stands here twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n- b\n", "text\n", "", "a: 1\n---\nb: 2\n"})
    void a_file_must_hold_one_mapping(String yaml) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void what_is_not_yaml_is_told_with_its_line() {
        assertThatThrownBy(() -> read("a: 1\nb: [1, 2\nc: 3\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("some.yaml:3: this is not YAML");
    }

    @Test
    void a_missing_file_is_told_with_a_way_out() {
        assertThatThrownBy(() -> YamlFile.read(folder.resolve("none.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no such file")
                .hasMessageContaining("sallyport init");
    }

    @Test
    void one_value_or_a_list_of_them() throws Exception {
        Section root = read("one: 0.0.0.0:22\nmany: [\"0.0.0.0:22\", \"[::]:22\"]\n");
        assertThat(root.list("one", Values.ENDPOINT)).hasSize(1);
        assertThat(root.list("many", Values.ENDPOINT)).hasSize(2);
        assertThat(root.list("none", Values.ENDPOINT)).isEmpty();
    }

    @Test
    void a_relative_path_starts_at_the_file_that_names_it() throws Exception {
        assertThat(read("key: sub/agent.key\n").value("key", Values.FILE))
                .isEqualTo(folder.resolve("sub/agent.key").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "5m,300000", "1h,3600000", "2d,172800000"})
    void durations_have_units(String text, long millis) throws IOException {
        assertThat(Values.duration(Duration.ZERO, Duration.ofDays(9)).parse(text, folder))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "30 s", "-1s", "1w", "", "99999999999s", "10d"})
    void other_texts_are_no_durations(String text) {
        var reader = Values.duration(Duration.ZERO, Duration.ofDays(9));
        assertThatThrownBy(() -> reader.parse(text, folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:22", "[::]:22", "[2001:db8::1]:65535", "127.0.0.1:0"})
    void listeners_are_addresses_with_ports(String text) {
        assertThat(
                        Objects.toString(Values.ENDPOINT.parse(text, folder))
                                .replace("0:0:0:0:0:0:0:0", "::"))
                .endsWith(text.substring(text.lastIndexOf(':')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22", "host:22", "0.0.0.0", "::1:22", "0.0.0.0:65536", "0.0.0.0:-1", "[::]"})
    void other_texts_are_no_listeners(String text) {
        assertThatThrownBy(() -> Values.ENDPOINT.parse(text, folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:1-65535,0,1,65535",
        "10.0.0.0/8:22,8,22,22",
        "[::]:443,0,443,443",
        "[2001:db8::/32]:1-2,32,1,2",
        "203.0.113.7:22,32,22,22"
    })
    void a_policy_names_networks_and_ports(String text, int prefix, int first, int last) {
        var ports = Values.PORTS_OF_NETWORK.parse(text, folder);
        assertThat(ports.network().prefixBits()).isEqualTo(prefix);
        assertThat(ports.firstPort()).isEqualTo(first);
        assertThat(ports.lastPort()).isEqualTo(last);
    }

    @Test
    void a_reversed_range_is_told() throws Exception {
        Section root = read("listeners: 0.0.0.0:20-10\n");
        root.list("listeners", Values.PORTS_OF_NETWORK);
        assertThat(faults(root)).singleElement().asString().contains("the range is reversed");
    }
}
