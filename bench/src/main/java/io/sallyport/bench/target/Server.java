package io.sallyport.bench.target;

import io.sallyport.bench.load.Origin;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One process of a chain. What it says is in a file of its directory. */
public final class Server implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(3);
    private static final Set<Server> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // Ctrl-C must leave nothing behind.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Server::destroyForcibly)));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private Server(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts a process whose working directory, and the place of its log, is the chain's. */
    static Server start(
            String name, Path directory, Map<String, String> environment, List<String> command) {
        try {
            Path log = directory.resolve(name + ".log");
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            var server = new Server(name, builder.start(), log);
            RUNNING.add(server);
            return server;
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(name + " can't be started", cannotStart);
        }
    }

    /** Runs a program to its end. */
    static void run(Path directory, Map<String, String> environment, String... command) {
        try (Server program =
                start(
                        Path.of(command[0]).getFileName() + "",
                        directory,
                        environment,
                        List.of(command))) {
            if (!program.process.waitFor(START.toSeconds(), TimeUnit.SECONDS)
                    || program.process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed: " + program.lastWords());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A port that is free now. */
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, Origin.LOCAL)) {
            return socket.getLocalPort();
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits until something listens on the port. */
    Server awaitListening(int port) {
        await(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(Origin.LOCAL, port), 1_000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return this;
    }

    /** Waits until something is so; fails with what the process said last if it ends before. */
    void await(java.util.function.BooleanSupplier condition) {
        long endNanos = System.nanoTime() + START.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > endNanos) {
                throw new IllegalStateException(name + " did not start: " + lastWords());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException unreadable) {
            return "see " + log;
        }
    }

    private void destroyForcibly() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends the process and its children; returns when it is gone. */
    @Override
    public void close() {
        // Asked first: a master that is killed leaves its workers to nobody.
        process.destroy();
        awaitEnd(END);
        destroyForcibly();
        awaitEnd(END);
        RUNNING.remove(this);
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        destroyForcibly();
        awaitEnd(END);
        RUNNING.remove(this);
    }

    private void awaitEnd(Duration patience) {
        try {
            process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
