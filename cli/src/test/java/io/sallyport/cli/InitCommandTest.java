package io.sallyport.cli;

import static io.sallyport.cli.Run.sallyport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sallyport.gateway.config.GatewayConfigFile;
import io.sallyport.gateway.config.GatewayLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InitCommandTest {
    private Path folder;

    @BeforeEach
    void choose(@TempDir Path parent) {
        folder = parent.resolve("new/hosts");
    }

    @Test
    void all_that_two_hosts_need_is_written() throws IOException {
        var run = sallyport("init", folder);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("sallyport gateway -c " + folder.resolve("gateway.yaml"))
                .contains("sallyport agent -c " + folder.resolve("agent.yaml"));
        assertThat(run.err()).isEmpty();
        assertThat(names(folder))
                .containsExactlyInAnyOrder(
                        "ca.crt",
                        "ca.key",
                        "gateway.crt",
                        "gateway.key",
                        "gateway.yaml",
                        "agent.crt",
                        "agent.key",
                        "agent.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.key", "gateway.key", "agent.key"})
    void keys_are_for_their_owner_only(String key) throws IOException {
        sallyport("init", folder);

        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve(key))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "gateway.key", "agent.yaml"})
    void a_file_that_is_there_keeps_everything_from_being_written(String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name), "mine");

        var run = sallyport("init", folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "sallyport: %s exists already, so nothing was written\n"
                                .formatted(folder.resolve(name)));
        assertThat(names(folder)).containsExactly(name);
        assertThat(folder.resolve(name)).hasContent("mine");
    }

    @Test
    void the_configuration_agrees_with_itself() throws IOException {
        sallyport("init", folder);

        var gateway = section(folder.resolve("gateway.yaml"), "gateway");
        var agent = section(folder.resolve("agent.yaml"), "agent");
        assertThat(gateway)
                .containsEntry("name", "dmz-1")
                .containsEntry("listen", "127.0.0.1:7443")
                .containsEntry("tls", tls("gateway"));
        assertThat(agent)
                .containsEntry("name", "inside-1")
                .containsEntry("gateways", List.of("127.0.0.1:7443"))
                .containsEntry("tls", tls("agent"));
    }

    @Test
    void the_configuration_has_no_faults() {
        sallyport("init", folder);

        var run = sallyport("check", folder.resolve("gateway.yaml"), folder.resolve("agent.yaml"));
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void what_is_commented_out_has_no_faults_either_and_tells_the_true_limits() throws Exception {
        sallyport("init", folder);

        var gateway = uncommented("gateway.yaml");
        var agent = uncommented("agent.yaml");
        var run = sallyport("check", gateway, agent);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(GatewayConfigFile.read(gateway).limits()).isEqualTo(GatewayLimits.DEFAULT);
        assertThat(section(gateway, "limits"))
                .hasSameSizeAs(GatewayLimits.class.getRecordComponents());
        assertThat(section(agent, "services"))
                .containsOnlyKeys("ssh", "ftp", "web", "intranet", "database");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7443,       127.0.0.1:7443",
        "localhost:7443,       127.0.0.1:7443",
        "[::1]:7443,           [::1]:7443",
        "192.0.2.1:443,        0.0.0.0:443",
        "dmz.example.com:7443, 0.0.0.0:7443",
        "[2001:db8::1]:7443,   [::]:7443",
    })
    void a_gateway_of_another_host_listens_on_every_address(String address, String listen)
            throws IOException {
        assertThat(sallyport("init", folder, "--gateway", address).exitCode()).isZero();

        assertThat(section(folder.resolve("gateway.yaml"), "gateway"))
                .containsEntry("listen", listen);
        assertThat(section(folder.resolve("agent.yaml"), "agent"))
                .containsEntry("gateways", List.of(address));
    }

    @Test
    void the_gateway_vouches_for_its_host_and_the_loopback() throws Exception {
        sallyport("init", folder, "--gateway", "DMZ.example.com:7443");

        assertThat(certificate("gateway.crt").getSubjectAlternativeNames())
                .<Object>extracting(name -> name.get(1))
                .containsExactly("dmz.example.com", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmz.example.com",
                "dmz.example.com:",
                "dmz.example.com:0",
                "dmz.example.com:65536",
                "dmz_1:7443",
                ":7443",
                "::1:7443",
                "[dmz]:7443"
            })
    void an_address_that_cannot_be_dialed_is_refused(String address) {
        var run = sallyport("init", folder, "--gateway", address);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("sallyport: Invalid value for option '--gateway': ")
                .hasLineCount(1);
        assertThat(folder).doesNotExist();
    }

    @Test
    void openssl_agrees_that_the_certificates_are_good() throws Exception {
        assumeThat(openssl("version")).as("exit code of openssl").isZero();
        sallyport("init", folder, "--gateway", "dmz.example.com:7443");

        assertThat(verify("sslserver", "gateway.crt", "-verify_hostname", "dmz.example.com"))
                .isZero();
        assertThat(verify("sslserver", "gateway.crt", "-verify_ip", "127.0.0.1")).isZero();
        assertThat(verify("sslclient", "gateway.crt")).isNotZero();
        assertThat(verify("sslclient", "agent.crt")).isZero();
        assertThat(verify("sslserver", "agent.crt")).isNotZero();
        assertThat(openssl("pkey", "-in", "agent.key", "-check", "-noout")).isZero();
    }

    private int verify(String purpose, String certificate, String... more) throws Exception {
        var arguments =
                Stream.concat(
                        Stream.of("verify", "-x509_strict", "-CAfile", "ca.crt"),
                        Stream.concat(
                                Stream.of(more), Stream.of("-purpose", purpose, certificate)));
        return openssl(arguments.toArray(String[]::new));
    }

    /** Its exit code; that of a shell that does not find it, if it is not there. */
    private int openssl(String... arguments) throws Exception {
        var command = new ProcessBuilder("openssl").redirectErrorStream(true);
        command.command().addAll(List.of(arguments));
        command.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        if (Files.isDirectory(folder)) {
            command.directory(folder.toFile());
        }
        try {
            var process = command.start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException notInstalled) {
            return 127;
        }
    }

    private X509Certificate certificate(String name) throws IOException, CertificateException {
        try (var stream = Files.newInputStream(folder.resolve(name))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }

    /** With every line of it in force that shows an example or a default. */
    private Path uncommented(String name) throws IOException {
        var file = folder.resolve(name);
        var text = Files.readString(file).replaceAll("(?m)^( *)# ( *[a-z-]+:( .*)?)$", "$1$2");
        return Files.writeString(file, text);
    }

    private static Map<String, String> tls(String name) {
        return Map.of("certificate", name + ".crt", "key", name + ".key", "trust", "ca.crt");
    }

    @SuppressWarnings("unchecked") // a section is a mapping with text for keys
    private static Map<String, Object> section(Path file, String name) throws IOException {
        var load = new Load(LoadSettings.builder().build());
        var root = (Map<String, Map<String, Object>>) load.loadFromString(Files.readString(file));
        return root.getOrDefault(name, Map.of());
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
