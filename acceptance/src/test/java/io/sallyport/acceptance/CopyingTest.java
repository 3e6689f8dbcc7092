package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Nginx;
import io.sallyport.acceptance.peer.OpenSsh;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sallyport copy} with the servers that partners have. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class CopyingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Path keys;
    @AutoClose private static OpenSsh openSsh;
    @AutoClose private static Nginx nginx;

    @TempDir private Path folder;

    @BeforeAll
    static void startServers(@TempDir Path sshDirectory, @TempDir Path nginxDirectory) {
        keys = sshDirectory;
        openSsh = OpenSsh.start(sshDirectory);
        nginx = Nginx.start(nginxDirectory);
    }

    private String[] command(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "copy",
                                "--direct",
                                "--identity",
                                keys.resolve("user_key").toString(),
                                "--known-hosts",
                                folder.resolve("known_hosts").toString(),
                                "--accept-new-host-key",
                                "--ca",
                                nginx.certificate().toString()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private CommandResult copy(Object source, Object target) {
        return Commands.sallyport(folder, command(source.toString(), target.toString()));
    }

    private static String ssh(String scheme, Path file) {
        return "%s://%s:%d%s".formatted(scheme, openSsh.destination(), openSsh.port(), file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp", "scp"})
    void a_file_goes_to_openssh_and_back(String scheme) {
        var payload = Payload.mebibytes(11, 20);
        Path file = payload.toFile(folder.resolve("file"));
        Path there = folder.resolve("there");

        assertThat(copy(file, ssh(scheme, there)).exitCode()).isZero();
        assertThat(copy(ssh(scheme, there), folder.resolve("back")).exitCode()).isZero();

        assertThat(Payload.sha256(there)).isEqualTo(payload.sha256());
        assertThat(Payload.sha256(folder.resolve("back"))).isEqualTo(payload.sha256());
    }

    @Test
    void a_file_goes_to_nginx_and_back() {
        var payload = Payload.mebibytes(12, 20);
        Path file = payload.toFile(folder.resolve("file"));
        String there = "https://127.0.0.1:%d/put/file".formatted(nginx.port());

        assertThat(copy(file, there).exitCode()).isZero();
        assertThat(copy(there, folder.resolve("back")).exitCode()).isZero();

        assertThat(Payload.sha256(folder.resolve("back"))).isEqualTo(payload.sha256());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_transfer_whose_process_was_killed_is_resumed(boolean upload) throws IOException {
        var payload = Payload.mebibytes(13, 300);
        Path origin = Files.createDirectory(folder.resolve("origin"));
        Path target = Files.createDirectory(folder.resolve("target"));
        Path file = payload.toFile(origin.resolve("file"));
        String from = upload ? file.toString() : ssh("sftp", file);
        String to = upload ? ssh("sftp", target) : target.toString();

        try (var copy = Commands.startSallyport("copy", folder, command(from, to))) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> bytesIn(target) > 20 << 20);
            copy.kill();
        }
        assertThat(target.resolve("file")).doesNotExist();

        var resumed = Commands.sallyport(folder, command("--resume", from, to));

        assertThat(resumed.exitCode()).as(resumed.text()).isZero();
        assertThat(resumed.text()).contains("goes on from");
        assertThat(Payload.sha256(target.resolve("file"))).isEqualTo(payload.sha256());
        assertThat(target).isDirectoryNotContaining(left -> left.toString().endsWith(".part"));
    }

    private static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException cannotList) {
            throw new UncheckedIOException(cannotList);
        }
    }
}
