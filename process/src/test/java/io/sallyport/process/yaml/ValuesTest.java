package io.sallyport.process.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.process.Ports;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ValuesTest {
    private static final Path FILE = Path.of("agent.yaml");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Section read(String yaml) throws Exception {
        return YamlFile.read(Files.writeString(folder.resolve("some.yaml"), yaml));
    }

    private static List<String> faults(Section section) {
        var refused =
                catchThrowableOfType(
                        ConfigurationException.class, () -> section.faults().throwIfAny());
        assertThat(refused).isNotNull();
        return refused.faults().stream()
                .map(fault -> fault.substring(fault.indexOf("yaml:") + 5))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1:22",
                "010.0.0.1:22",
                "0x0a.0.0.1:22",
                "167772161:22",
                "10.0.0.256:22",
                "[10.0.0.1]:22",
                "[::ffff:10.0.0.1]:22",
                "[:]:22"
            })
    void an_address_that_others_would_read_as_another_is_refused(String text) {
        assertThatThrownBy(() -> Values.ENDPOINT.parse(text, FILE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db_1:5432", "sftp.example.com:22", "x:1", "[2001:db8::5]:22"})
    void a_host_is_a_name_or_an_address(String text) {
        assertThat(Values.HOST_AND_PORT.parse(text, FILE)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.256:22",
                "10.0.0:22",
                "a..b:22",
                "-a:22",
                "a-:22",
                "[10.0.0.1]:22",
                "[::g]:22",
                "a/b:22",
                "x:0"
            })
    void a_host_that_is_neither_is_refused(String text) {
        assertThatThrownBy(() -> Values.HOST_AND_PORT.parse(text, FILE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8", "192.0.2.7/32", "0.0.0.0/0", "10.0.0.128/25"})
    void a_network_is_what_its_prefix_leaves(String text) {
        assertThat(Values.NETWORK.parse(text, FILE)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0/8", "::/129", "::1%lo/128"})
    void other_texts_are_no_networks(String text) {
        assertThatThrownBy(() -> Values.NETWORK.parse(text, FILE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_network_with_bits_after_its_prefix_is_told_what_was_meant() {
        assertThatThrownBy(() -> Values.NETWORK.parse("10.0.0.5/24", FILE))
                .hasMessage("bits are set after the first 24: the network is 10.0.0.0/24");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::/0:22", "2001:db8::/32:1-2", "[10.0.0.0/8]:22", "10.0.0.5/8:22"})
    void a_policy_that_could_be_read_in_two_ways_is_refused(String text) {
        assertThatThrownBy(() -> Values.PORTS_OF_NETWORK.parse(text, FILE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"50000-50099, 50000, 50099", "21, 21, 21", "1-65535, 1, 65535"})
    void a_range_of_ports_is_one_or_two_numbers(String text, int first, int last) {
        assertThat(Values.PORT_RANGE.parse(text, folder)).isEqualTo(new Ports(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2-1", "0-5", "1-65536", "1-", "-1", "1 - 2", "a-b", "1-2-3"})
    void other_texts_are_no_ranges_of_ports(String text) {
        assertThatThrownBy(() -> Values.PORT_RANGE.parse(text, folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "::ffff:192.0.2.1", "192.0.2", "ftp.example.com"})
    void what_is_no_ipv4_address_is_refused(String text) {
        assertThat(Values.IPV4_ADDRESS.parse("192.0.2.7", folder))
                .isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
        assertThatThrownBy(() -> Values.IPV4_ADDRESS.parse(text, folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp.example.com", "10.0.0.5", "fd00::5"})
    void a_host_stands_without_brackets(String text) {
        assertThat(Values.HOST.parse(text, folder)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp.example.com:21", "[fd00::5]", "10.0.0", "a b", ""})
    void other_texts_are_no_hosts(String text) {
        assertThatThrownBy(() -> Values.HOST.parse(text, folder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket:", "socket: ~", "socket: null"})
    void a_key_without_a_value_is_a_fault_and_not_the_folder_it_is_in(String yaml)
            throws Exception {
        Section root = read(yaml);

        root.value("socket", Values.FILE, Path.of("default"));

        assertThat(faults(root))
                .containsExactly("1: socket: has no value: it must be the path of a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other: 1", "gateways: []"})
    void a_list_that_must_have_something_is_told_what(String yaml) throws Exception {
        Section root = read(yaml);

        root.requiredList("gateways", Values.BOOLEAN);

        assertThat(faults(root))
                .containsExactly(
                        "1: gateways: is missing: it must be true or false, or a list of such");
    }

    @Test
    void what_is_faulty_in_a_list_is_not_in_the_result() throws Exception {
        Section root = read("gateways: [one:1, two, three]");

        assertThat(root.requiredList("gateways", Values.HOST_AND_PORT)).hasToString("[one:1]");
        assertThat(faults(root)).hasSize(2);
        assertThat(root.isSound("gateways")).isFalse();
    }
}
