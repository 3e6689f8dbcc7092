package io.sallyport.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
    private static final int CLIENTS_MAX = 16;
    private static final int REQUEST_BYTES_MAX = 16;

    private final Path path;
    private final ServerSocketChannel server;
    private final Supplier<StatusReport> report;
    private final Semaphore clients = new Semaphore(CLIENTS_MAX);
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("status deadlines").factory());

    private StatusSocket(Path path, ServerSocketChannel server, Supplier<StatusReport> report) {
        this.path = path;
        this.server = server;
        this.report = report;
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
     * Opens the socket, with mode 0600, in place of one that a dead process left behind.
     *
     * @throws OperatorException with a sentence for the operator
     */
    public static StatusSocket open(Path path, Supplier<StatusReport> report) {
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
            var socket = new StatusSocket(path, server, report);
            Thread.ofVirtual().name("status").start(socket::serve);
            return socket;
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

    private static void removeIfDead(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel alive = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new OperatorException(
                    "another process with this name runs already: it answers on "
                            + path
                            + " ("
                            + alive.getRemoteAddress()
                            + ")");
        } catch (IOException dead) {
            Files.delete(path);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                clients.acquireUninterruptibly();
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("status client").start(() -> answer(client));
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException failed) {
                clients.release();
                LOG.atDebug().addKeyValue("error", failed.getMessage()).log("status client lost");
            }
        }
    }

    private void answer(SocketChannel client) {
        var deadline =
                deadlines.schedule(() -> close(client), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        try (client) {
            String request = request(client);
            StatusReport current = report.get();
            String answer = request.equals("json") ? current.toJson() : current.toText();
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer);
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.atDebug()
                    .addKeyValue("error", String.valueOf(failed.getMessage()))
                    .log("status client lost");
        } finally {
            deadline.cancel(false);
            clients.release();
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
     */
    public static String ask(Path path, String format) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(StandardCharsets.US_ASCII.encode(format + "\n"));
            return new String(
                    java.nio.channels.Channels.newInputStream(channel).readAllBytes(),
                    StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
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
