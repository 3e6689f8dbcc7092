package io.sallyport.acceptance.peer;

import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.awaitility.core.ConditionTimeoutException;

/** A real server's process on a port of its own. */
public record Server(int port, RunningProcess process) implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    /**
     * Starts a server that can't take a free port by itself; if another process was faster on the
     * port, tries the next.
     *
     * @param command writes the configuration for a port and gives the command
     */
    public static Server start(String name, Path directory, IntFunction<List<String>> command) {
        return startAt(LOCAL, name, directory, command);
    }

    /** As {@link #start}, with the server on another address of this host. */
    public static Server startAt(
            InetAddress address, String name, Path directory, IntFunction<List<String>> command) {
        for (int attempt = 1; ; attempt++) {
            int port = Ports.free();
            RunningProcess process =
                    RunningProcess.start(
                            name, directory, Programs.environment(), command.apply(port));
            try {
                await().atMost(Duration.ofSeconds(10))
                        .pollInterval(Duration.ofMillis(20))
                        .failFast(name + " ended", () -> !process.isAlive())
                        .until(() -> answers(new InetSocketAddress(address, port)));
                return new Server(port, process);
            } catch (ConditionTimeoutException
                    | org.awaitility.core.TerminalFailureException dead) {
                process.close();
                if (attempt == ATTEMPTS) {
                    throw new AssertionError(name + " does not start\n" + process.log(), dead);
                }
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private static boolean answers(InetSocketAddress server) {
        try (var socket = new Socket()) {
            socket.connect(server, 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
