package io.sallyport.origins;

import static io.sallyport.origins.TestFiles.ANY_LOOPBACK_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenSSH and curl, where they are installed, against the origins; without them these tests are
 * skipped.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class InstalledClientsTest {
    private static final int DEADLINE_SECONDS = 60;
    private static final Login LOGIN = new Login("demo", "open-sesame");

    @TempDir Path work;
    private Path folder;
    private byte[] content;

    @BeforeEach
    void a_file_to_send() throws IOException {
        folder = Files.createDirectory(work.resolve("shared"));
        content = TestFiles.bytes(1, 3_000_000);
        Files.write(work.resolve("sent"), content);
        Files.writeString(work.resolve("secret"), "secret");
    }

    @Nested
    class OpenSSH {
        private final KeyPair hostKey = SshKeys.generate();
        private final KeyPair userKey = SshKeys.generate();

        @BeforeEach
        void a_key() throws IOException {
            assumeTrue(isInstalled("sftp") && isInstalled("scp"), "OpenSSH is not installed");
            SshKeys.writePrivateKey(userKey, work.resolve("id"));
        }

        @Test
        void sftp_puts_and_gets_with_the_written_key_and_known_host() throws Exception {
            try (var origin = start()) {
                Path batch =
                        Files.writeString(
                                work.resolve("batch"), "put sent file\nls -l\nget file received\n");
                Result result = run(sftp(origin, "-b", batch.toString()));
                assertThat(result.exitCode()).as(result.output()).isZero();
                assertThat(folder.resolve("file")).hasBinaryContent(content);
                assertThat(work.resolve("received")).hasBinaryContent(content);
            }
        }

        @Test
        void scp_copies_both_ways_by_its_new_protocol_and_its_old_one() throws Exception {
            try (var origin = start()) {
                for (String protocol : List.of("-s", "-O")) {
                    Result up =
                            run(scp(origin, protocol, "sent", "demo@127.0.0.1:file" + protocol));
                    Result down =
                            run(
                                    scp(
                                            origin,
                                            protocol,
                                            "demo@127.0.0.1:file" + protocol,
                                            "got" + protocol));
                    assertThat(up.exitCode()).as(up.output()).isZero();
                    assertThat(down.exitCode()).as(down.output()).isZero();
                    assertThat(work.resolve("got" + protocol)).hasBinaryContent(content);
                }
            }
        }

        @Test
        void sixteen_of_them_copy_at_the_same_time() throws Exception {
            try (var origin = start()) {
                var copies = new ArrayList<Callable<?>>();
                for (int i = 0; i < 16; i++) {
                    String name = "file" + i;
                    copies.add(() -> {
                        Result up = run(scp(origin, "-s", "sent", "demo@127.0.0.1:" + name));
                        assertThat(up.exitCode()).as(up.output()).isZero();
                        return assertThat(folder.resolve(name)).hasBinaryContent(content);
                    });
                }
                TestFiles.inParallel(copies);
            }
        }

        @Test
        void it_gets_nothing_from_outside_and_fails() throws Exception {
            Files.createSymbolicLink(folder.resolve("out"), work);
            try (var origin = start()) {
                for (String protocol : List.of("-s", "-O")) {
                    for (String name : List.of("../secret", "/../../secret", "out/secret")) {
                        Result down =
                                run(scp(origin, protocol, "demo@127.0.0.1:" + name, "stolen"));
                        assertThat(down.exitCode()).as(protocol + " " + name).isNotZero();
                        assertThat(work.resolve("stolen")).doesNotExist();
                    }
                    Result up = run(scp(origin, protocol, "sent", "demo@127.0.0.1:out/new"));
                    assertThat(up.exitCode()).as(up.output()).isNotZero();
                    assertThat(work.resolve("new")).doesNotExist();
                }
            }
        }

        @Test
        void it_gets_no_shell() throws Exception {
            try (var origin = start()) {
                var command = sshCommand("ssh", "-p", origin);
                command.addAll(List.of("demo@127.0.0.1", "echo", "hello"));
                Result result = run(command);
                assertThat(result.exitCode()).isOne();
                assertThat(result.output()).contains("Unknown command: echo hello");
            }
        }

        private SshOrigin start() throws IOException {
            var origin = SshOrigin.start(ANY_LOOPBACK_PORT, folder, hostKey, userKey.getPublic());
            Files.writeString(
                    work.resolve("known_hosts"),
                    SshKeys.knownHostsLine(origin.address(), hostKey.getPublic()) + "\n");
            return origin;
        }

        private List<String> sftp(SshOrigin origin, String... more) {
            var command = sshCommand("sftp", "-P", origin);
            command.addAll(List.of(more));
            command.add("demo@127.0.0.1");
            return command;
        }

        private List<String> scp(SshOrigin origin, String... more) {
            var command = sshCommand("scp", "-P", origin);
            command.addAll(List.of(more));
            return command;
        }

        private List<String> sshCommand(String program, String portOption, SshOrigin origin) {
            return new ArrayList<>(
                    List.of(
                            program,
                            "-F",
                            "none",
                            "-i",
                            "id",
                            "-o",
                            "IdentitiesOnly=yes",
                            "-o",
                            "BatchMode=yes",
                            "-o",
                            "UserKnownHostsFile=known_hosts",
                            "-o",
                            "StrictHostKeyChecking=yes",
                            portOption,
                            String.valueOf(origin.address().getPort())));
        }
    }

    @Nested
    class Curl {
        private TestIdentity identity;

        @BeforeEach
        void a_certificate() throws Exception {
            assumeTrue(isInstalled("curl"), "curl is not installed");
            identity = TestIdentity.in(work, "EC");
        }

        @Test
        void it_puts_and_gets_over_https_and_resumes() throws Exception {
            try (var origin = HttpOrigin.startTls(ANY_LOOPBACK_PORT, folder, identity.server())) {
                String url = "https:/" + origin.address() + "/file";
                succeeds("--cacert", "server.crt", "-T", "sent", url);
                Files.write(work.resolve("received"), Arrays.copyOf(content, 1_000_000));
                succeeds("--cacert", "server.crt", "-C", "-", "-o", "received", url);
                assertThat(work.resolve("received")).hasBinaryContent(content);
            }
        }

        @Test
        void it_gets_nothing_from_outside() throws Exception {
            try (var origin = HttpOrigin.start(ANY_LOOPBACK_PORT, folder)) {
                Result result =
                        run(
                                List.of(
                                        "curl",
                                        "-sS",
                                        "--path-as-is",
                                        "-i",
                                        "http:/" + origin.address() + "/../secret"));
                assertThat(result.output()).startsWith("HTTP/1.1 404").doesNotContain("secret");
            }
        }

        @Test
        void it_puts_and_gets_over_ftp_by_passive_and_active_mode() throws Exception {
            try (var origin =
                    FtpOrigin.start(ANY_LOOPBACK_PORT, folder, LOGIN, FtpPassive.anyPort())) {
                transfers("ftp:/" + origin.address() + "/file", "--ftp-pasv");
                transfers("ftp:/" + origin.address() + "/file2", "--disable-epsv");
                transfers("ftp:/" + origin.address() + "/file3", "--ftp-port", "127.0.0.1");
            }
        }

        @Test
        void it_puts_and_gets_over_explicit_ftps() throws Exception {
            try (var origin =
                    FtpOrigin.startExplicitTls(
                            ANY_LOOPBACK_PORT,
                            folder,
                            LOGIN,
                            FtpPassive.anyPort(),
                            identity.server())) {
                transfers(
                        "ftp:/" + origin.address() + "/file",
                        "--cacert",
                        "server.crt",
                        "--ssl-reqd");
            }
        }

        @Test
        void it_puts_and_gets_over_implicit_ftps() throws Exception {
            try (var origin =
                    FtpOrigin.startImplicitTls(
                            ANY_LOOPBACK_PORT,
                            folder,
                            LOGIN,
                            FtpPassive.anyPort(),
                            identity.server())) {
                transfers(
                        "ftps:/" + origin.address() + "/file",
                        "--cacert",
                        "server.crt",
                        "--ssl-reqd");
            }
        }

        private void transfers(String url, String... options) throws Exception {
            succeeds(with(options, "-u", "demo:open-sesame", "-T", "sent", url));
            succeeds(with(options, "-u", "demo:open-sesame", "-o", "received", url));
            assertThat(work.resolve("received")).hasBinaryContent(content);
            Files.delete(work.resolve("received"));
        }

        private void succeeds(String... options) throws Exception {
            var command =
                    new ArrayList<String>(List.of("curl", "-sS", "--fail", "--max-time", "30"));
            command.addAll(List.of(options));
            Result result = run(command);
            assertThat(result.exitCode()).as(result.output()).isZero();
        }

        private static String[] with(String[] options, String... more) {
            var all = new ArrayList<>(List.of(options));
            all.addAll(List.of(more));
            return all.toArray(String[]::new);
        }
    }

    private record Result(int exitCode, String output) {}

    private Result run(List<String> command) throws Exception {
        Path output = Files.createTempFile(work, "output", "");
        Process process =
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private static boolean isInstalled(String program) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
