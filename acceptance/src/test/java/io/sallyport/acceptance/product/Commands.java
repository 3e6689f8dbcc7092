package io.sallyport.acceptance.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user's shell would: the product's own, and others. */
public final class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** {@code sallyport ARGUMENTS}, until it ends. */
    public static CommandResult sallyport(Path directory, String... arguments) {
        return run(directory, launch(arguments));
    }

    /** The same, with more in its environment. */
    public static CommandResult sallyport(
            Path directory, Map<String, String> more, String... arguments) {
        return run(directory, more, launch(arguments));
    }

    /** {@code sallyport ARGUMENTS}, as a process that stays. */
    public static RunningProcess startSallyport(String name, Path directory, String... arguments) {
        return startSallyport(name, directory, Map.of(), arguments);
    }

    /** The same, with more in its environment. */
    public static RunningProcess startSallyport(
            String name, Path directory, Map<String, String> more, String... arguments) {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(more);
        return RunningProcess.start(name, directory, all, launch(arguments));
    }

    /** {@code PREFIX sallyport ARGUMENTS}, as a process that stays. */
    public static RunningProcess startSallyport(
            String name, Path directory, List<String> prefix, String... arguments) {
        return RunningProcess.start(name, directory, environment(), under(prefix, arguments));
    }

    /** {@code PREFIX sallyport ARGUMENTS}, until it ends. */
    public static CommandResult sallyport(
            Path directory, Map<String, String> more, List<String> prefix, String... arguments) {
        return run(directory, more, under(prefix, arguments));
    }

    private static List<String> under(List<String> prefix, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(launch(arguments));
        return command;
    }

    /** The words of {@code sallyport ARGUMENTS}. */
    static List<String> launch(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Any command until it ends: without a terminal, even where the build has one. */
    public static CommandResult run(Path directory, List<String> command) {
        return run(directory, Map.of(), command);
    }

    private static CommandResult run(
            Path directory, Map<String, String> more, List<String> command) {
        List<String> detached = new ArrayList<>(List.of("setsid", "-w"));
        detached.addAll(command);
        try {
            Path out = Files.createTempFile("command", ".out");
            Path err = Files.createTempFile("command", ".err");
            var builder =
                    new ProcessBuilder(detached)
                            .directory(directory.toFile())
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment());
            builder.environment().putAll(more);
            Process process = builder.start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String outText = readAndDelete(out);
            String errText = readAndDelete(err);
            assertThat(ended)
                    .as(() ->
                            "%s ends within %s%n%s%s"
                                    .formatted(command, PATIENCE, outText, errText))
                    .isTrue();
            return new CommandResult(process.exitValue(), outText, errText);
        } catch (IOException cannotRun) {
            throw new UncheckedIOException("cannot run " + command, cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Runs a command that has to succeed. */
    public static CommandResult mustRun(Path directory, String... command) {
        CommandResult result = run(directory, List.of(command));
        assertThat(result.exitCode())
                .as(() -> String.join(" ", command) + "\n" + result.text())
                .isZero();
        return result;
    }

    static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), "LC_ALL", "C");
    }

    private static String readAndDelete(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Files.delete(file);
        return text;
    }

    private Commands() {}
}
