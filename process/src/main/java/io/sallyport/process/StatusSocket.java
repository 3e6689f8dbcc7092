package io.sallyport.process;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the status of this process to whoever may open its unix socket: the user it runs as, and
 * root. A client sends one line, {@code text} or {@code json}, and is sent the report.
 */
public final class StatusSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusSocket.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration REPORT_DEADLINE = Duration.ofSeconds(2);
    private static final Duration ASK_DEADLINE = Duration.ofSeconds(8);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;

    /** How an answer begins that is no report but says why there is none. */
    private static final String NO_REPORT = "error: ";

    private static final int CLIENTS_MAX = 16;
    private static final int REQUEST_BYTES_MAX = 16;

    private final Path path;
    private final ServerSocketChannel server;
    private final Semaphore clients = new Semaphore(CLIENTS_MAX);
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("status deadlines").factory());

    private StatusSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /** Where the socket of a process is unless its configuration says otherwise. */
    public static Path defaultPath(String name) {
        return defaultFolder().resolve(name + ".sock");
    }

    /** {@code /run/sallyport} for root; else a folder of the user's own. */
    public static Path defaultFolder() {
        String user = System.getProperty("user.name");
        if (user.equals("root")) {
            return Path.of("/run/sallyport");
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                ? Path.of(System.getProperty("java.io.tmpdir"), "sallyport-" + user)
                : Path.of(runtime, "sallyport");
    }

    /**
     * Opens the socket, with mode 0600, in place of one that a dead process left behind. From then
     * on no other process can have it; who asks waits until there is something to {@link #show}.
     *
     * @throws OperatorException with a sentence for the operator, if another process has it too
     */
    public static StatusSocket open(Path path) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            removeIfDead(path);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException | RuntimeException failed) {
                server.close();
                throw failed;
            }
            return new StatusSocket(path, server);
        } catch (IOException failed) {
            throw new OperatorException(
                    "the status socket "
                            + path
                            + " can't be made: "
                            + failed.getMessage()
                            + "; name another place with status-socket",
                    failed);
        }
    }

    /** Answers from now on; called once. */
    public void show(Supplier<StatusReport> report) {
        Thread.ofVirtual().name("status").start(() -> serve(report));
    }

    private static void removeIfDead(Path path) throws IOException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).isOther()) {
            throw new FileAlreadyExistsException("there is a file that is not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A live process that is too busy to accept would keep us waiting.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException nobodyThere) {
            Files.delete(path);
            return;
        } catch (IOException busy) {
            // Somebody is there, who can't answer now or may not answer us.
        }
        throw new OperatorException(
                "another process with this name runs already: it answers on " + path);
    }

    private void serve(Supplier<StatusReport> report) {
        while (server.isOpen()) {
            try {
                clients.acquireUninterruptibly();
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("status client").start(() -> answer(client, report));
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException failed) {
                clients.release();
                LOG.atWarn().addKeyValue("error", failed.getMessage()).log("no status client");
                // Without descriptors every attempt fails at once; others may end meanwhile.
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void answer(SocketChannel client, Supplier<StatusReport> report) {
        try (client) {
            var deadline =
                    deadlines.schedule(
                            () -> close(client), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(answerTo(request(client), report));
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            } finally {
                deadline.cancel(false);
            }
        } catch (IOException | RejectedExecutionException failedOrEnding) {
            LOG.atDebug()
                    .addKeyValue("error", String.valueOf(failedOrEnding.getMessage()))
                    .log("status client lost");
        } finally {
            clients.release();
        }
    }

    private static String answerTo(String request, Supplier<StatusReport> report) {
        boolean json = request.equals("json");
        try {
            StatusReport current =
                    CompletableFuture.supplyAsync(report, task -> Thread.ofVirtual().start(task))
                            .get(REPORT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return json ? current.toJson() : current.toText();
        } catch (TimeoutException busy) {
            return NO_REPORT + "the process is too busy to tell within 2 s\n";
        } catch (ExecutionException failed) {
            LOG.atError().setCause(failed.getCause()).log("status could not be told");
            return NO_REPORT + "the process failed to tell it; its log says why\n";
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return NO_REPORT + "the process ends\n";
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String request(SocketChannel client) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(REQUEST_BYTES_MAX);
        while (line.hasRemaining() && client.read(line) >= 0) {
            String text = StandardCharsets.US_ASCII.decode(line.duplicate().flip()).toString();
            if (text.endsWith("\n")) {
                return text.strip();
            }
        }
        throw new IOException("no request came");
    }

    /**
     * Asks the process behind a socket; the answer is the report in the format asked for: {@code
     * text} or {@code json}.
     *
     * @throws IOException with a sentence for the user, if there is none in time
     */
    public static String ask(Path path, String format) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Connecting would block for as long as the process is too busy to accept.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.configureBlocking(true);
            String answer =
                    CompletableFuture.supplyAsync(
                                    () -> exchange(channel, format),
                                    task -> Thread.ofVirtual().start(task))
                            .get(ASK_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.isEmpty()) {
                throw new IOException("the process ended while it was asked");
            }
            if (answer.startsWith(NO_REPORT)) {
                throw new IOException(answer.substring(NO_REPORT.length()).strip());
            }
            return answer;
        } catch (TimeoutException stuck) {
            throw new IOException(
                    "no answer came within " + ASK_DEADLINE.toSeconds() + " s", stuck);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new IOException(cause == null ? "" : cause.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static String exchange(SocketChannel channel, String format) {
        try {
            channel.write(StandardCharsets.US_ASCII.encode(format + "\n"));
            byte[] answer = Channels.newInputStream(channel).readNBytes(ANSWER_BYTES_MAX);
            return new String(answer, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed.getMessage(), failed);
        }
    }

    /** Stops answering and removes the socket; does nothing a second time. */
    @Override
    public void close() {
        // A new process may have its own there by now.
        if (!server.isOpen()) {
            return;
        }
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            LOG.atWarn()
                    .addKeyValue("socket", path)
                    .addKeyValue("error", failed.getMessage())
                    .log("status socket left behind");
        } finally {
            deadlines.shutdownNow();
        }
    }
}
