package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Nginx;
import io.sallyport.acceptance.peer.OpenSsh;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files go through with the clients that people use, to the servers that people use. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class FileTransferTest {
    private static final int AT_ONCE = 8;
    private static final int MEBIBYTES = 8;

    @AutoClose private static OpenSsh openSsh;
    @AutoClose private static Nginx nginx;

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("files", openSsh.port()),
                            Service.of("web", nginx.port()).protocol("https")));

    FileTransferTest(Encryption encryption) {
        stage.use(encryption);
    }

    @BeforeAll
    static void startOrigins(@TempDir Path sshDirectory, @TempDir Path nginxDirectory) {
        openSsh = OpenSsh.start(sshDirectory);
        nginx = Nginx.start(nginxDirectory);
    }

    @Test
    void sftp_puts_and_gets_eight_files_at_once(@TempDir Path directory) {
        atOnce(
                directory,
                (number, local, remote, back) -> {
                    Path batch = directory.resolve("batch" + number);
                    Files.writeString(
                            batch, "put %s %s%nget %s %s%n".formatted(local, remote, remote, back));
                    List<String> command = openSsh.sftp(stage.port("files"), batch);
                    command.add(openSsh.destination());
                    mustRun(directory, command);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "-O"})
    void scp_copies_eight_files_at_once(String transferProtocol, @TempDir Path directory) {
        atOnce(
                directory,
                (_, local, remote, back) -> {
                    String there = openSsh.destination() + ":" + remote;
                    for (List<String> files :
                            List.of(
                                    List.of(local.toString(), there),
                                    List.of(there, back.toString()))) {
                        List<String> command = openSsh.scp(stage.port("files"));
                        command.add(transferProtocol);
                        command.addAll(files);
                        mustRun(directory, command);
                    }
                });
    }

    @Test
    void rsync_over_ssh_copies_eight_files_at_once(@TempDir Path directory) {
        String rsync = Programs.path("rsync");
        String shell = openSsh.remoteShell(stage.port("files"));
        atOnce(
                directory,
                (_, local, remote, back) -> {
                    String there = openSsh.destination() + ":" + remote;
                    String remoteRsync = "--rsync-path=" + rsync;
                    mustRun(
                            directory,
                            List.of(rsync, remoteRsync, "-e", shell, local.toString(), there));
                    mustRun(
                            directory,
                            List.of(rsync, remoteRsync, "-e", shell, there, back.toString()));
                });
    }

    @Test
    void curl_puts_and_gets_eight_files_at_once(@TempDir Path directory) {
        atOnce(
                directory,
                (number, local, remote, back) -> {
                    String url = url("/put/" + number);
                    mustRun(directory, curl("-T", local.toString(), url));
                    mustRun(directory, curl("-o", back.toString(), url));
                    Files.move(nginx.files().resolve("put/" + number), remote);
                });
    }

    @Test
    void curl_gets_a_range_of_a_file(@TempDir Path directory) throws IOException {
        byte[] content = new Payload(21, 3_000_000).toBytes();
        Files.write(nginx.files().resolve("large"), content);
        Path part = directory.resolve("part");

        mustRun(directory, curl("-r", "1000000-1999999", "-o", part.toString(), url("/large")));

        assertThat(Files.readAllBytes(part))
                .isEqualTo(Arrays.copyOfRange(content, 1_000_000, 2_000_000));
    }

    @Test
    void curl_makes_four_hundred_requests_at_once(@TempDir Path directory) throws IOException {
        Payload payload = new Payload(22, 50_000);
        payload.toFile(nginx.files().resolve("small"));

        // One curl opens at most 300 connections.
        Crowd.inParallel(
                List.of(
                        () -> getTwoHundredTimes(directory, "a"),
                        () -> getTwoHundredTimes(directory, "b")));

        try (Stream<Path> results = Files.list(directory)) {
            List<String> hashes = results.map(Payload::sha256).toList();
            assertThat(hashes).hasSize(400).containsOnly(payload.sha256());
        }
    }

    private boolean getTwoHundredTimes(Path directory, String prefix) {
        mustRun(
                directory,
                curl(
                        "--parallel",
                        "--parallel-immediate",
                        "--parallel-max",
                        "200",
                        "-o",
                        prefix + "#1",
                        url("/small?[1-200]")));
        return true;
    }

    /** Sends a file there and fetches it back, eight times at once, and compares checksums. */
    private static void atOnce(Path directory, RoundTrip roundTrip) {
        List<Callable<List<String>>> roundTrips = new ArrayList<>();
        List<List<String>> expected = new ArrayList<>();
        for (int number : IntStream.range(0, AT_ONCE).toArray()) {
            Payload payload = Payload.mebibytes(number, MEBIBYTES);
            expected.add(List.of(payload.sha256(), payload.sha256()));
            Path local = payload.toFile(directory.resolve("local" + number));
            Path remote = directory.resolve("remote" + number);
            Path back = directory.resolve("back" + number);
            roundTrips.add(() -> {
                roundTrip.run(number, local, remote, back);
                return List.of(Payload.sha256(remote), Payload.sha256(back));
            });
        }

        assertThat(Crowd.inParallel(roundTrips)).isEqualTo(expected);
    }

    private List<String> curl(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Programs.path("curl"),
                                "--silent",
                                "--show-error",
                                "--fail",
                                "--noproxy",
                                "*",
                                "--cacert",
                                nginx.certificate().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private String url(String path) {
        return "https://127.0.0.1:" + stage.port("web") + path;
    }

    private static void mustRun(Path directory, List<String> command) {
        Commands.mustRun(directory, command.toArray(String[]::new));
    }

    private interface RoundTrip {
        void run(int number, Path local, Path remote, Path back) throws IOException;
    }
}
