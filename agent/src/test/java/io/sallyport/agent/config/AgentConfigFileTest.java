package io.sallyport.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.process.HostPort;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentConfigFileTest {
    private static final Path ROOT = Path.of("..");
    private static final String AGENT =
            """
            agent: {name: inside-1, gateways: "dmz-1:7443", tls: {certificate: a, key: b, trust: c}}
            """;
    private static final String LEAST =
            AGENT
                    + """
                    services:
                      files: {protocol: sftp, listen: "0.0.0.0:22", origin: "10.0.0.5:22"}
                    """;
    private static final String FTP_LEAST =
            AGENT
                    + """
                    services:
                      files:
                        protocol: ftps
                        listen: 0.0.0.0:21
                        origin: 10.0.0.5:21
                        passive: {ports: 50000-50099}
                        tls: {certificate: shown.crt, key: shown.key}
                    """;
    private static final Pattern DEFAULT_ON_THE_PAGE =
            Pattern.compile(
                    "(?m)^\\| `(agent|services\\.NAME(?:\\.[a-z]+)?)\\.([a-z-]+)` \\| `([^`]+)`"
                            + "(?: \\(.*?\\))? \\|");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private @Nullable String nameChecked;
    private final List<String> warnings = new ArrayList<>();

    private AgentConfig read(String yaml) throws IOException, ConfigurationException {
        Path file = Files.writeString(folder.resolve("agent.yaml"), yaml);
        return AgentConfigFile.read(file, new Unread(name -> nameChecked = name), warnings::add);
    }

    private List<String> faults(String yaml) {
        var refused = catchThrowableOfType(ConfigurationException.class, () -> read(yaml));
        assertThat(refused).as("a fault").isNotNull();
        return refused.faults().stream()
                .map(fault -> fault.replace(folder + "/agent.yaml:", ""))
                .toList();
    }

    @Test
    void what_has_a_default_may_be_left_out() throws Exception {
        AgentConfig config = read(LEAST);

        assertThat(config.gateways()).containsExactly(new HostPort("dmz-1", 7443));
        assertThat(config.encryption()).isEqualTo(Encryption.ALWAYS);
        assertThat(config.statusSocket()).hasFileName("inside-1.sock");
        assertThat(config.services())
                .containsExactly(
                        new ServiceConfig(
                                "files",
                                ServiceProtocol.SFTP,
                                List.of(new Endpoint(InetAddress.ofLiteral("0.0.0.0"), 22)),
                                new HostPort("10.0.0.5", 22),
                                ProxyProtocol.NONE,
                                List.of(),
                                List.of(),
                                List.of(),
                                10_000,
                                Duration.ofHours(1),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(10),
                                null));
    }

    @Test
    void every_key_of_a_service_is_read() throws Exception {
        assertThat(
                        read(AGENT
                                        + """
                                        services:
                                          web:
                                            protocol: https
                                            listen: ["192.0.2.1:443", "[::]:443"]
                                            origin: "[fd00::6]:443"
                                            proxy-protocol: v2
                                            accept-proxy-protocol: 10.0.0.1
                                            allow: [10.0.0.0/8]
                                            deny: [10.6.6.6]
                                            max-sessions: 7
                                            idle-timeout: 8m
                                            half-close-timeout: 9s
                                            connect-timeout: 300ms
                                        """)
                                .services())
                .containsExactly(
                        new ServiceConfig(
                                "web",
                                ServiceProtocol.HTTPS,
                                List.of(
                                        new Endpoint(InetAddress.ofLiteral("192.0.2.1"), 443),
                                        new Endpoint(InetAddress.ofLiteral("::"), 443)),
                                new HostPort("fd00::6", 443),
                                ProxyProtocol.V2,
                                List.of(new Network(InetAddress.ofLiteral("10.0.0.1"), 32)),
                                List.of(new Network(InetAddress.ofLiteral("10.0.0.0"), 8)),
                                List.of(new Network(InetAddress.ofLiteral("10.6.6.6"), 32)),
                                7,
                                Duration.ofMinutes(8),
                                Duration.ofSeconds(9),
                                Duration.ofMillis(300),
                                null));
    }

    @Test
    void a_default_on_the_page_is_the_default() throws Exception {
        AgentConfig defaults = read(FTP_LEAST);
        List<String> keys = new ArrayList<>();
        Matcher row =
                DEFAULT_ON_THE_PAGE.matcher(
                        Files.readString(ROOT.resolve("docs/configuration.md")));
        while (row.find()) {
            String section =
                    switch (row.group(1)) {
                        case "agent" -> "agent: {";
                        case "services.NAME" -> "  files:\n    ";
                        case "services.NAME.passive" -> "passive: {";
                        default -> "\n    tls: {";
                    };
            String given = "%s: %s".formatted(row.group(2), row.group(3));
            keys.add(row.group(2));
            String end = section.endsWith("{") ? ", " : "\n    ";
            assertThat(read(FTP_LEAST.replace(section, section + given + end)))
                    .as(given)
                    .isEqualTo(defaults);
        }
        assertThat(keys)
                .contains("encryption", "idle-timeout", "foreign-addresses", "require-resumption")
                .hasSizeGreaterThan(9);
    }

    @Test
    void an_origin_may_take_as_long_as_a_gateway_unless_its_service_says_otherwise()
            throws Exception {
        String patient = LEAST.replace("agent: {", "agent: {connect-timeout: 3s, ");

        assertThat(read(patient).services().getFirst().connectTimeout())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void an_agent_may_publish_nothing() throws Exception {
        assertThat(read(AGENT).services()).isEmpty();
        assertThat(read(AGENT + "services:\n  # none\n").services()).isEmpty();
    }

    private String twoServices(String one, String other) {
        return AGENT
                + """
                services:
                  one: {protocol: tcp, listen: %s, origin: "10.0.0.5:22"}
                  two: {protocol: tcp, listen: %s, origin: "10.0.0.6:22"}
                """
                        .formatted(one, other);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"0.0.0.0:22\"', '\"0.0.0.0:22\"'",
        "'\"0.0.0.0:22\"', '\"192.0.2.1:22\"'",
        "'\"192.0.2.1:22\"', '\"0.0.0.0:22\"'",
        "'\"[::]:22\"', '\"[2001:db8::1]:22\"'",
        "'[\"192.0.2.1:21\", \"192.0.2.1:22\"]', '[\"192.0.2.1:22\"]'"
    })
    void two_services_on_one_listener_are_a_fault(String one, String other) {
        assertThat(faults(twoServices(one, other)))
                .singleElement()
                .asString()
                .startsWith("4: services.two.listen: ")
                .endsWith("is taken by service one: choose another port");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"0.0.0.0:22\"', '\"0.0.0.0:23\"'",
        "'\"192.0.2.1:22\"', '\"192.0.2.2:22\"'",
        "'\"0.0.0.0:22\"', '\"[2001:db8::1]:22\"'",
        "'\"127.0.0.1:0\"', '\"127.0.0.1:0\"'"
    })
    void two_services_on_different_listeners_are_none(String one, String other) throws Exception {
        assertThat(read(twoServices(one, other)).services()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftpes", "ftps_implicit", "gopher", "SFTP"})
    void a_protocol_that_is_not_known_is_a_fault(String protocol) {
        assertThat(faults(LEAST.replace("protocol: sftp", "protocol: " + protocol)))
                .containsExactly(
                        "3: services.files.protocol: must be one of sftp, ftp, ftps, ftps-implicit,"
                                + " http, https, tcp, but is"
                                + " '%s'".formatted(protocol));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backward: {}", "forwards: {}"})
    void a_section_that_does_not_exist_is_an_unknown_key(String section) {
        assertThat(faults(LEAST + section)).singleElement().asString().contains("unknown key");
    }

    @Test
    void a_gateway_named_twice_is_a_fault_and_one_that_is_faulty_is_not_a_second_one() {
        assertThat(faults(LEAST.replace("\"dmz-1:7443\"", "[dmz:1, dmz:1]")))
                .containsExactly("1: agent.gateways: names a gateway twice");
        assertThat(faults(LEAST.replace("\"dmz-1:7443\"", "[dmz, dmz]")))
                .hasSize(2)
                .noneMatch(fault -> fault.contains("twice"));
    }

    @Test
    void a_faulty_name_is_not_compared_with_the_certificate() {
        assertThat(faults(LEAST.replace("inside-1", "INSIDE"))).hasSize(1);
        assertThat(nameChecked).isNull();
    }

    @Test
    void the_files_that_it_names_are_looked_at() throws Exception {
        Path file = Files.writeString(folder.resolve("agent.yaml"), LEAST);

        var refused =
                catchThrowableOfType(
                        ConfigurationException.class, () -> AgentConfigFile.read(file));

        assertThat(refused)
                .hasMessageContaining("agent.tls.certificate: there is no file")
                .hasMessageContaining("agent.tls.key: there is no file")
                .hasMessageContaining("agent.tls.trust: there is no file");
    }

    @Test
    void every_example_can_be_read() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            examples = files.filter(file -> file.endsWith("agent.yaml")).toList();
        }

        assertThat(examples).hasSizeGreaterThan(1);
        for (Path example : examples) {
            assertThat(AgentConfigFile.read(example, new Unread(_ -> {}), warnings::add).services())
                    .isNotEmpty();
        }
    }
}
