package io.sallyport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals are for whole processes, so each test has one of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // start sets the fields
class ForegroundTest {
    @TempDir private Path folder;
    private Process process;
    private BufferedReader said;

    private void start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ForegroundProgram.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectError(log().toFile()).start();
        said = process.inputReader();
        assertSays("begun");
    }

    private Path log() {
        return folder.resolve("log");
    }

    /** The log, as soon as it has these words. */
    private String logWith(String words) {
        return await().until(() -> Files.readString(log()), text -> text.contains(words));
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, process.pid()))
                .start()
                .onExit()
                .join();
    }

    private void assertSays(String... words) throws IOException {
        for (String word : words) {
            assertThat(said.readLine()).isEqualTo(word);
        }
    }

    private void letRun() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_signal_to_stop_drains_and_then_ends_in_order(String name)
            throws IOException, InterruptedException {
        start("good", "quick");

        signal(name);

        assertSays("drain 30", "drained");
        assertThat(exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_second_one_ends_now(String name) throws IOException, InterruptedException {
        start("good", "endless");
        signal("TERM");
        assertSays("drain 30");

        signal(name);

        assertThat(exitCode()).isZero();
        assertThat(Files.readString(log())).contains("stopped again while draining, ending now");
    }

    @Test
    void signals_that_come_before_the_service_runs_are_followed_then()
            throws IOException, InterruptedException {
        start("good", "quick", "later");
        signal("TERM");

        letRun();

        assertSays("drain 30", "drained");
        assertThat(exitCode()).isZero();
    }

    @Test
    void a_hangup_that_comes_before_the_service_runs_reloads_then() throws IOException {
        start("good", "quick", "later");
        signal("HUP");

        letRun();

        assertSays("reload", "reloaded");
    }

    @Test
    void a_hangup_reloads_as_often_as_it_comes() throws IOException {
        start("good", "quick");

        signal("HUP");
        assertSays("reload", "reloaded");
        signal("HUP");
        assertSays("reload", "reloaded");
    }

    @Test
    void a_faulty_configuration_is_told_in_the_log_and_nothing_ends() throws IOException {
        start("faulty", "quick");

        signal("HUP");
        assertSays("reload");
        signal("HUP");
        assertSays("reload");

        assertThat(logWith("configuration refused, the old one stays in force"))
                .contains("agent.yaml:1: is faulty")
                .doesNotContain("\tat ");
    }

    @Test
    void a_reload_that_breaks_ends_nothing() throws IOException {
        start("broken", "quick");

        signal("HUP");
        assertSays("reload");
        signal("HUP");
        assertSays("reload");

        assertThat(logWith("reload failed")).contains("our own fault").contains("\tat ");
    }

    @Test
    void a_hangup_while_stopping_reloads_nothing() throws IOException, InterruptedException {
        start("good", "endless");
        signal("TERM");
        assertSays("drain 30");

        signal("HUP");

        assertThat(logWith("no reload while draining")).doesNotContain("configuration refused");
        signal("TERM");
        assertThat(exitCode()).isZero();
        assertThat(said.readLine()).isNull();
    }

    @Test
    void a_drain_that_breaks_ends_the_process_with_another_code()
            throws IOException, InterruptedException {
        start("good", "broken");

        signal("TERM");

        assertSays("drain 30");
        assertThat(exitCode()).isEqualTo(1);
        assertThat(Files.readString(log())).contains("draining failed").contains("our own fault");
    }

    @Test
    void a_signal_that_is_none_is_refused() throws IOException {
        start("good", "quick");

        assertThatThrownBy(() -> Signals.on("NONE", () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SIGNONE");
    }
}
