package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent that dies under a transfer fails it, and what has arrived is not sent again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class CopySurvivesTest {
    private static final long ENOUGH_TO_BE_IN_THE_MIDDLE = 100L << 20;

    @TempDir private Path directory;

    @Test
    void a_copy_of_a_gibibyte_outlives_the_agents_death_in_its_middle() {
        var payload = Payload.mebibytes(22, 1024);
        var settings =
                FtpServerSettings.of(
                        FtpServerSettings.reachable(directory),
                        InetAddress.ofLiteral("127.0.0.1"),
                        FtpTls.EXPLICIT,
                        ServerIdentity.make(directory, "partner"));
        try (FtpServer server = FtpServerKind.VSFTPD.start(settings);
                var deployment =
                        new Deployment(directory, Encryption.ALWAYS)
                                .allowingDestinations("[\"127.0.0.1:1024-65535\"]")
                                .forwarding(
                                        "{socks: {listen: \"127.0.0.1:%d\"}, allow: [\"localhost:1024-65535\"]}"
                                                .formatted(Ports.free()))
                                .start()) {
            payload.toFile(server.folder().resolve(FtpServer.FILES + "/large"));
            String url =
                    "ftp://%s@localhost:%d/%s/large"
                            .formatted(server.user(), server.address().getPort(), FtpServer.FILES);
            Path target = createDirectory("target");

            Map<String, String> password = Map.of("SALLYPORT_PASSWORD", server.password());

            try (var copy =
                    Commands.startSallyport(
                            "copy", directory, password, command(url, target.toString()))) {
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> bytesIn(target) > ENOUGH_TO_BE_IN_THE_MIDDLE);
                deployment.agent().kill();
                assertThat(copy.awaitExit(Duration.ofSeconds(60))).isIn(1, 5);
            }
            assertThat(target.resolve("large")).doesNotExist();
            assertThat(bytesIn(target)).isLessThan(payload.bytes());
            deployment.startAgent();
            deployment.awaitConnected();

            CommandResult resumed =
                    Commands.sallyport(
                            directory, password, command("--resume", url, target.toString()));

            assertThat(resumed.exitCode()).as(resumed.text()).isZero();
            assertThat(resumed.text()).contains("goes on from");
            assertThat(Payload.sha256(target.resolve("large"))).isEqualTo(payload.sha256());
        }
    }

    private static String[] command(String... more) {
        List<String> command = new ArrayList<>(List.of("copy", "-c", "agent.yaml"));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private Path createDirectory(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException cannotCreate) {
            throw new UncheckedIOException(cannotCreate);
        }
    }

    private static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException cannotList) {
            throw new UncheckedIOException(cannotList);
        }
    }
}
