package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.RunningProcess;
import io.sallyport.acceptance.product.Signal;
import io.sallyport.acceptance.product.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that prepare, check and show. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandsTest {
    private static final List<String> INIT_FILES =
            List.of(
                    "ca.crt",
                    "ca.key",
                    "gateway.crt",
                    "gateway.key",
                    "agent.crt",
                    "agent.key",
                    "gateway.yaml",
                    "agent.yaml");

    private final int port = Ports.free();
    private Path parent;
    private Path directory;
    private CommandResult init;

    @BeforeEach
    void init(@TempDir Path parent) {
        this.parent = parent;
        directory = parent.resolve("made");
        init = initAgain();
    }

    @Test
    void init_writes_identities_and_configuration_and_keeps_keys_private() throws IOException {
        assertThat(init.exitCode()).as(init::text).isZero();
        for (String file : INIT_FILES) {
            assertThat(directory.resolve(file)).isNotEmptyFile();
            if (file.endsWith(".key")) {
                var permissions = Files.getPosixFilePermissions(directory.resolve(file));
                assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void what_init_wrote_works_as_it_is() {
        try (var gateway = start("gateway");
                var agent = start("agent")) {
            gateway.log()
                    .awaitEvent(
                            "the agent connects",
                            event -> event.event().equals(Words.AGENT_CONNECTED));
            for (RunningProcess process : List.of(agent, gateway)) {
                process.signal(Signal.TERM);
                assertThat(process.awaitExit(Duration.ofSeconds(10))).isZero();
            }
        }
    }

    @Test
    void an_agent_started_twice_by_mistake_ends_before_it_is_in_the_way_of_the_first() {
        try (var gateway = start("gateway");
                var agent = start("agent")) {
            Predicate<LogEvent> isAgent = event -> event.event().equals(Words.AGENT_CONNECTED);
            gateway.log().awaitEvent("the agent connects", isAgent);

            CommandResult second = Commands.sallyport(directory, "agent", "-c", "agent.yaml");

            assertThat(second.exitCode()).as(second::text).isEqualTo(1);
            assertThat(second.err().strip().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("runs already");
            assertThat(gateway.log().events(isAgent)).hasSize(1);
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    void init_never_overwrites_a_file() throws IOException {
        String authority = Files.readString(directory.resolve("ca.crt"));

        CommandResult again = initAgain();

        assertThat(again.exitCode()).isNotZero();
        assertThat(again.err().strip().lines()).hasSize(1).first().asString().contains("ca.crt");
        assertThat(Files.readString(directory.resolve("ca.crt"))).isEqualTo(authority);
    }

    @Test
    void issue_adds_an_identity_of_the_same_authority() {
        CommandResult issue = Commands.sallyport(directory, "issue", "inside-2");

        assertThat(issue.exitCode()).as(issue::text).isZero();
        assertThat(directory.resolve("inside-2.key")).isNotEmptyFile();
        Commands.mustRun(
                directory, Programs.path("openssl"), "verify", "-CAfile", "ca.crt", "inside-2.crt");
    }

    @Test
    void check_has_nothing_to_say_of_what_init_wrote() {
        CommandResult check = Commands.sallyport(directory, "check", "gateway.yaml", "agent.yaml");

        assertThat(check.exitCode()).as(check::text).isZero();
    }

    @Test
    void check_tells_every_fault_of_an_agent_with_its_place() throws IOException {
        Files.writeString(
                directory.resolve("agent.yaml"),
                """
                agent:
                  name: agent
                  gateways: ["127.0.0.1:7443"]
                  tls: {certificate: agent.crt, key: gateway.key, trust: nowhere.crt}
                  encription: always
                services:
                  one: {protocol: sftp, listen: "0.0.0.0:2222", origin: "10.0.0.5:22"}
                  two: {protocol: sftp, listen: "0.0.0.0:2222", origin: "10.0.0.6:22"}
                  three: {protocol: gopher, listen: "0.0.0.0:70", origin: "10.0.0.7:70"}
                  four: {protocol: tcp, listen: "0.0.0.0:99999", origin: "10.0.0.7:70"}
                  five: {protocol: tcp, listen: "0.0.0.0:71"}
                  six:
                    protocol: tcp
                    listen: 0.0.0.0:72
                    origin: 10.0.0.7:72
                    idle-timeout: soon
                """);

        CommandResult check = Commands.sallyport(directory, "check", "agent.yaml");

        assertThat(check.exitCode()).as(check::text).isEqualTo(2);
        assertThat(check.text())
                .containsPattern("agent.yaml:4: agent.tls.key: .+")
                .containsPattern("agent.yaml:4: agent.tls.trust: .*nowhere.crt")
                .containsPattern("agent.yaml:5: agent.encription: .*encryption")
                .containsPattern("agent.yaml:8: services.two.listen: .*one")
                .containsPattern("agent.yaml:9: services.three.protocol: .*gopher")
                .containsPattern("agent.yaml:10: services.four.listen: .*99999")
                .containsPattern("agent.yaml:11: services.five.origin: .+")
                .containsPattern("agent.yaml:16: services.six.idle-timeout: .*soon");
    }

    @Test
    void check_warns_of_what_may_not_be_meant_and_that_is_no_fault() throws IOException {
        Files.writeString(
                directory.resolve("agent.yaml"),
                """
                agent:
                  name: inside-1
                  gateways: ["127.0.0.1:7443"]
                  tls: {certificate: agent.crt, key: agent.key, trust: ca.crt}
                services:
                  ftp:
                    protocol: ftp
                    listen: 127.0.0.1:2121
                    origin: 10.0.0.5:21
                    passive: {ports: 50000-50004}
                """);

        CommandResult check = Commands.sallyport(directory, "check", "agent.yaml");

        assertThat(check.exitCode()).as(check::text).isZero();
        assertThat(check.err())
                .containsPattern(
                        "agent.yaml:10: services.ftp.passive.ports: warning: .*at least 10");
    }

    @Test
    void check_tells_every_fault_of_an_ftp_service_with_its_place() throws IOException {
        Files.writeString(
                directory.resolve("agent.yaml"),
                """
                agent:
                  name: inside-1
                  gateways: ["127.0.0.1:7443"]
                  tls: {certificate: agent.crt, key: agent.key, trust: ca.crt}
                services:
                  one:
                    protocol: ftps
                    listen: 127.0.0.1:2121
                    origin: 10.0.0.5:21
                    passive: {ports: 2100-2199}
                    tls: {certificate: agent.crt, key: gateway.key}
                    origin-tls: explicit
                    origin-ca: nowhere.crt
                  two:
                    protocol: ftp
                    listen: 0.0.0.0:21
                    origin: 10.0.0.5:21
                    passive: {ports: 2199-2300}
                """);

        CommandResult check = Commands.sallyport(directory, "check", "agent.yaml");

        assertThat(check.exitCode()).as(check::text).isEqualTo(2);
        assertThat(check.text())
                .containsPattern("agent.yaml:10: services.one.passive.ports: .*2121")
                .containsPattern("agent.yaml:11: services.one.tls.certificate: .*serverAuth")
                .containsPattern("agent.yaml:11: services.one.tls.key: .*not the key")
                .containsPattern("agent.yaml:13: services.one.origin-ca: .*nowhere.crt")
                .containsPattern("agent.yaml:18: services.two.passive.ports: .*service one");
    }

    @Test
    void check_tells_every_fault_of_a_gateway_with_its_place() throws IOException {
        Commands.mustRun(
                directory,
                Programs.path("openssl"),
                "x509",
                "-new",
                "-subj",
                "/CN=gateway",
                "-key",
                "gateway.key",
                "-signkey",
                "gateway.key",
                "-days",
                "-1",
                "-out",
                "expired.crt");
        Files.writeString(
                directory.resolve("gateway.yaml"),
                """
                gateway:
                  name: gateway
                  listen: 0.0.0.0:7443
                  tls: {certificate: expired.crt, key: gateway.key, trust: ca.crt}
                policy:
                  listeners: ["0.0.0.0:2000-1000"]
                limits:
                  sessions: many
                  session-per-address: 5
                """);

        CommandResult check = Commands.sallyport(directory, "check", "gateway.yaml");

        assertThat(check.exitCode()).as(check::text).isEqualTo(2);
        assertThat(check.text())
                .containsPattern("gateway.yaml:4: gateway.tls.certificate: .*expired")
                .containsPattern("gateway.yaml:6: policy.listeners.*: .*2000-1000")
                .containsPattern("gateway.yaml:8: limits.sessions: .*many")
                .containsPattern(
                        "gateway.yaml:9: limits.session-per-address: .*sessions-per-address");
    }

    @Test
    void a_bad_configuration_keeps_a_process_from_starting_and_says_so_without_a_stack_trace()
            throws IOException {
        Files.writeString(directory.resolve("gateway.yaml"), "gateway: {nam: x}\n");

        CommandResult start = Commands.sallyport(directory, "gateway", "-c", "gateway.yaml");

        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.text()).contains("gateway.yaml:1: ").doesNotContain("\tat ");
    }

    @Test
    void status_without_a_process_says_so_in_one_sentence() {
        CommandResult status =
                Commands.sallyport(directory, "status", "--socket", "nobody.sock", "--json");

        assertThat(status.exitCode()).isNotZero();
        assertThat(status.err().strip().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("nobody.sock");
    }

    @Test
    void a_jdk_that_has_dropped_one_of_our_options_runs_all_the_same() {
        CommandResult version =
                Commands.sallyport(
                        directory,
                        Map.of("SALLYPORT_JAVA_OPTS", "-XX:-OptionOfAnotherJdk"),
                        "--version");

        assertThat(version.exitCode()).as(version.text()).isZero();
    }

    @Test
    void an_unknown_command_is_named_and_the_known_ones_are_shown() {
        CommandResult unknown = Commands.sallyport(directory, "gatewya");

        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("gatewya").contains("gateway");
    }

    private RunningProcess start(String role) {
        return Commands.startSallyport(
                role, directory, role, "-c", role + ".yaml", "--log-format", "json");
    }

    private CommandResult initAgain() {
        return Commands.sallyport(
                parent, "init", directory.toString(), "--gateway", "127.0.0.1:" + port);
    }
}
