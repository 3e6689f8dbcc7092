package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.RunningProcess;
import io.sallyport.acceptance.product.Signal;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What someone sees who has just cloned the repository. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class DemoTest {
    private static final String PROMPT = "$ ";
    private static final Pattern PORT = Pattern.compile("(?:localhost|127\\.0\\.0\\.1):(\\d+)");

    @Test
    void every_command_that_the_demo_shows_works_as_it_stands(
            @TempDir Path directory, @TempDir Path elsewhere) {
        List.of("ssh", "sftp", "scp", "curl", "lftp", "ncat").forEach(Programs::path);
        try (var demo = start(directory)) {
            List<String> commands = shownCommands(demo);
            assertThat(commands).isNotEmpty();
            for (String command : commands) {
                CommandResult result = Commands.run(elsewhere, List.of("sh", "-c", command));

                assertThat(result.exitCode())
                        .as(() -> command + "\n" + result.text() + demo.log())
                        .isZero();
            }
        }
    }

    @Test
    void control_c_ends_the_demo_and_everything_that_it_started(@TempDir Path directory) {
        try (var demo = start(directory)) {
            List<Integer> ports = shownPorts(shownCommands(demo));
            assertThat(ports).isNotEmpty().allMatch(DemoTest::listens);
            List<ProcessHandle> children =
                    ProcessHandle.of(demo.pid()).orElseThrow().descendants().toList();

            demo.signal(Signal.INT);

            demo.awaitExit(Duration.ofSeconds(10));
            assertThat(ports).noneMatch(DemoTest::listens);
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static RunningProcess start(Path directory) {
        return Commands.startSallyport(
                "demo", directory, "demo", "--dir", directory.resolve("demo").toString());
    }

    /** The commands, once a second has brought no further line. */
    private static List<String> shownCommands(RunningProcess demo) {
        var previous = new AtomicReference<>(List.<String>of());
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () ->
                                demo.out().events().stream()
                                        .map(LogEvent::line)
                                        .filter(line -> line.startsWith(PROMPT))
                                        .map(line -> line.substring(PROMPT.length()))
                                        .toList(),
                        commands ->
                                !commands.isEmpty()
                                        && commands.equals(previous.getAndSet(commands)));
    }

    private static List<Integer> shownPorts(List<String> commands) {
        return commands.stream()
                .flatMap(command -> PORT.matcher(command).results())
                .map(port -> Integer.valueOf(port.group(1)))
                .distinct()
                .toList();
    }

    private static boolean listens(int port) {
        try (var partner = Partner.connect(port)) {
            return partner.address().getPort() > 0;
        } catch (UncheckedIOException refused) {
            return false;
        }
    }
}
