package io.sallyport.acceptance.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A process that a test started: what it writes, how much it holds, and every way to end it. */
public final class RunningProcess implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Process process;
    private final Log out;
    private final Log log;

    private RunningProcess(String name, Process process, Path logs) {
        this.name = name;
        this.process = process;
        String file = "%03d-%s".formatted(COUNT.incrementAndGet(), name);
        this.out = new Log(process.getInputStream(), logs.resolve(file + ".out"));
        this.log = new Log(process.getErrorStream(), logs.resolve(file + ".err"));
    }

    /**
     * Starts a command with no terminal and with signals as a shell in the foreground would have
     * them, whatever the build was started from.
     */
    public static RunningProcess start(
            String name, Path directory, Map<String, String> environment, List<String> command) {
        List<String> withSignals =
                new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP,PIPE"));
        withSignals.addAll(command);
        var builder = new ProcessBuilder(withSignals).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            Path logs = Files.createDirectories(Repository.acceptance().resolve("target/logs"));
            return new RunningProcess(name, builder.start(), logs);
        } catch (IOException cannotStart) {
            throw new UncheckedIOException("cannot start " + command, cannotStart);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it writes to its standard output. */
    public Log out() {
        return out;
    }

    /** What it writes to its standard error. */
    public Log log() {
        return log;
    }

    public void signal(Signal signal) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            assertThat(exit).as("kill -%s %s", signal, name).isZero();
        } catch (IOException cannotSignal) {
            throw new UncheckedIOException(cannotSignal);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** SIGKILL: the process gets no chance to end anything in order. Returns when it is gone. */
    public void kill() {
        signal(Signal.KILL);
        awaitExit(Duration.ofSeconds(10));
    }

    /** Waits for the process to end by itself; returns its exit code. */
    public int awaitExit(Duration atMost) {
        try {
            assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> name + " ends within " + atMost + "\n" + log)
                    .isTrue();
            out.awaitEnd();
            log.awaitEnd();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Open descriptors that carry bytes of sessions or wait for some: sockets. */
    public long channelDescriptors() {
        return descriptors().filter(kind -> kind.startsWith("socket:")).count();
    }

    /**
     * All other open descriptors: files, event queues and the like. Not pipes, of which each event
     * loop keeps some for the next session; relay's tests count those.
     */
    public long otherDescriptors() {
        return descriptors()
                .filter(kind -> !kind.startsWith("socket:") && !kind.startsWith("pipe:"))
                .count();
    }

    /** Resident memory, in bytes. */
    public long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException gone) {
            throw new UncheckedIOException(name + " is gone\n" + log, gone);
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    private Stream<String> descriptors() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            return entries.map(RunningProcess::target).toList().stream();
        } catch (IOException gone) {
            throw new UncheckedIOException(name + " is gone\n" + log, gone);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "closed";
        }
    }
}
