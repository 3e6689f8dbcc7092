package io.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayConfigFileTest {
    private static final Path ROOT = Path.of("..");
    private static final String LEAST =
            """
            gateway: {name: dmz-1, listen: "0.0.0.0:7443", tls: {certificate: a, key: b, trust: c}}
            policy: {listeners: "0.0.0.0:1-65535"}
            """;
    private static final Pattern DEFAULT_ON_THE_PAGE =
            Pattern.compile(
                    "(?m)^\\| `(gateway|policy|limits)\\.([a-z-]+)` \\| `([^`]+)`(?: \\(.*?\\))?"
                            + " \\|");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private GatewayConfig read(String yaml) throws IOException, ConfigurationException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
        return GatewayConfigFile.read(file, (_, _, _, _) -> {});
    }

    private List<String> faults(String yaml) {
        var refused = catchThrowableOfType(ConfigurationException.class, () -> read(yaml));
        assertThat(refused).as("a fault").isNotNull();
        return refused.faults().stream().map(fault -> fault.replace(folder + "/", "")).toList();
    }

    @Test
    void what_has_a_default_may_be_left_out() throws Exception {
        GatewayConfig config = read(LEAST);

        assertThat(config.listen()).hasToString("0.0.0.0:7443");
        assertThat(config.tls())
                .isEqualTo(
                        new TlsFiles(
                                folder.resolve("a"), folder.resolve("b"), folder.resolve("c")));
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.limits()).isEqualTo(GatewayLimits.DEFAULT);
        assertThat(config.policy().agents()).isEmpty();
        assertThat(config.statusSocket()).hasFileName("dmz-1.sock");
    }

    @Test
    void a_default_on_the_page_is_the_default() throws Exception {
        GatewayConfig defaults = read(LEAST);
        List<String> keys = new ArrayList<>();
        Matcher row =
                DEFAULT_ON_THE_PAGE.matcher(
                        Files.readString(ROOT.resolve("docs/configuration.md")));
        while (row.find()) {
            String given = "%s: %s".formatted(row.group(2), row.group(3));
            String yaml =
                    row.group(1).equals("limits")
                            ? LEAST + "limits: {" + given + "}"
                            : LEAST.replace(
                                    row.group(1) + ": {", row.group(1) + ": {" + given + ", ");
            keys.add(row.group(2));
            assertThat(read(yaml)).as(given).isEqualTo(defaults);
        }
        assertThat(keys).contains("heartbeat", "sessions").hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:1-65535, 192.0.2.1, 22, true",
        "0.0.0.0:1-65535, 2001:db8::1, 22, false",
        "'[::]:22', 2001:db8::1, 22, true",
        "'[::]:22', ::, 22, true",
        "'[::]:22', 192.0.2.1, 22, false",
        "192.0.2.0/24:22, 192.0.2.9, 22, true",
        "192.0.2.0/24:22, 192.0.3.9, 22, false",
        "'[2001:db8::/32]:22', 2001:db8::1, 22, true",
        "203.0.113.7:8000-8099, 203.0.113.7, 8099, true",
        "203.0.113.7:8000-8099, 203.0.113.7, 8100, false",
        "203.0.113.7:22, 203.0.113.8, 22, false"
    })
    void policy_allows_what_its_rules_cover(String rule, String address, int port, boolean allowed)
            throws Exception {
        Policy policy = read(LEAST.replace("0.0.0.0:1-65535", rule)).policy();

        assertThat(policy.allowsListener(new Endpoint(InetAddress.ofLiteral(address), port)))
                .isEqualTo(allowed);
    }

    @Test
    void every_fault_is_told_at_once() {
        assertThat(
                        faults(
                                """
                                gateway:
                                  name: DMZ 1
                                  listen: localhost:7443
                                  tls: {certificate: a, keys: b, trust: c}
                                  heartbeat: 10m
                                policy:
                                  listener: ["0.0.0.0:22"]
                                limits:
                                  sessions: 0
                                  session-per-address: 5
                                """))
                .anySatisfy(fault -> assertThat(fault).startsWith("gateway.yaml:2: gateway.name: "))
                .anySatisfy(
                        fault -> assertThat(fault).startsWith("gateway.yaml:3: gateway.listen: "))
                .contains(
                        "gateway.yaml:4: gateway.tls.keys: unknown key; did you mean 'key'?",
                        "gateway.yaml:5: gateway.heartbeat: must be a time from 1s to 5m, like"
                                + " 500ms, 30s, 5m, 1h or 2d, but is '10m'",
                        "gateway.yaml:7: policy.listener: unknown key; did you mean 'listeners'?",
                        "gateway.yaml:9: limits.sessions: must be a whole number from 1 to 1000000,"
                                + " but is '0'",
                        "gateway.yaml:10: limits.session-per-address: unknown key; did you mean"
                                + " 'sessions-per-address'?");
    }

    @Test
    void the_files_that_it_names_are_looked_at() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), LEAST);

        var refused =
                catchThrowableOfType(
                        ConfigurationException.class, () -> GatewayConfigFile.read(file));

        assertThat(refused)
                .hasMessageContaining("gateway.tls.certificate: there is no file")
                .hasMessageContaining("gateway.tls.key: there is no file")
                .hasMessageContaining("gateway.tls.trust: there is no file");
    }

    @Test
    void every_example_can_be_read() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            examples = files.filter(file -> file.endsWith("gateway.yaml")).toList();
        }

        assertThat(examples).hasSizeGreaterThan(1);
        for (Path example : examples) {
            assertThat(GatewayConfigFile.read(example, (_, _, _, _) -> {}).policy().listeners())
                    .isNotEmpty();
        }
    }
}
