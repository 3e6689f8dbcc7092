package io.sallyport.process.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that hides something, or is none, is refused before anything is made of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileYamlTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private void assertRefused(String yaml, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("some.yaml"), yaml);
        assertThatThrownBy(() -> YamlFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + why);
    }

    @Test
    void anchors_and_aliases_are_refused() throws IOException {
        assertRefused(
                "a: &one x\nb: *one\n",
                ":1: anchors (&) are not known here: remove it"
                        + System.lineSeparator()
                        + folder.resolve("some.yaml")
                        + ":2: aliases (*) are not known here: write the value out");
    }

    @ParameterizedTest
    @CsvSource({
        "a: !secret x, !secret",
        "a: !!java.net.URL [x], 'tag:yaml.org,2002:java.net.URL'",
        "!other {a: x}, !other"
    })
    void tags_are_refused(String yaml, String tag) throws IOException {
        assertRefused(yaml, ":1: the tag '" + tag + "' is not known here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void nesting_without_an_end_is_refused(String level) throws IOException {
        assertRefused(level.repeat(50_000), ":1: this is nested more than 16 deep");
    }

    @Test
    void what_is_too_large_is_refused() throws IOException {
        assertRefused(
                "#".repeat(1024 * 1024 + 1),
                ":1: the file can't be read: it is larger than 1 MiB, which no configuration is");
    }

    @Test
    void what_is_not_utf_8_is_refused() throws IOException {
        Path file = Files.write(folder.resolve("some.yaml"), new byte[] {'a', ':', (byte) 0xff});

        assertThatThrownBy(() -> YamlFile.read(file))
                .hasMessage(file + ":1: the file is not text in UTF-8");
    }

    @Test
    void a_folder_or_a_pipe_is_refused_and_not_waited_for() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        for (Path file : new Path[] {folder, pipe}) {
            assertThatThrownBy(() -> YamlFile.read(file))
                    .hasMessage(file + ":1: the file can't be read: it is not a regular file");
        }
    }

    @Test
    void a_fault_can_not_drive_the_terminal() throws Exception {
        Path file = Files.writeString(folder.resolve("some.yaml"), "\"a\\e[2J\\nb\": 1\n");
        Section root = YamlFile.read(file);
        root.end();

        assertThatThrownBy(() -> root.faults().throwIfAny())
                .hasMessageContaining("a\\u001b[2J\\u000ab: unknown key")
                .hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen: [::]:22", "x: {listen: [2001:db8::1]:22}", "y: [[::]:22]"})
    void an_ipv6_address_without_quotes_is_told_what_it_lacks(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("some.yaml"), yaml);

        assertThatThrownBy(() -> YamlFile.read(file))
                .hasMessageContaining(":1: this is not YAML: ")
                .hasMessageEndingWith("an IPv6 address in brackets needs quotes: \"[::1]:22\"");
    }
}
