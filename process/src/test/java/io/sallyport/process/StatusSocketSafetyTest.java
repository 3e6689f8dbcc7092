package io.sallyport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the status socket must not harm, and whom it must not keep waiting. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class StatusSocketSafetyTest {
    private static final StatusReport REPORT =
            new StatusReport(Map.of("gateway", "dmz-1"), List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = folder.resolve("a.sock");
    }

    private static StatusSocket showing(Path path, Supplier<StatusReport> report) {
        StatusSocket socket = StatusSocket.open(path);
        socket.show(report);
        return socket;
    }

    @Test
    void a_file_that_is_not_a_socket_is_never_replaced() throws IOException {
        Files.writeString(path, "a key, by mistake");

        assertThatThrownBy(() -> StatusSocket.open(path))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("there is a file that is not a socket");
        assertThat(path).hasContent("a key, by mistake");
    }

    @Test
    void a_link_to_a_file_that_is_not_a_socket_is_never_replaced() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Files.createSymbolicLink(path, file);

        assertThatThrownBy(() -> StatusSocket.open(path)).isInstanceOf(OperatorException.class);
        assertThat(path).isSymbolicLink();
    }

    @Test
    void a_process_that_is_too_busy_to_accept_keeps_its_socket_and_nobody_waiting()
            throws IOException {
        try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(path), 1);
            List<SocketChannel> waiting = fillBacklog();

            assertThatThrownBy(() -> StatusSocket.open(path))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("runs already");
            assertThatThrownBy(() -> StatusSocket.ask(path, "text"))
                    .isInstanceOf(IOException.class);
            assertThat(path).exists();
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void the_socket_of_a_process_that_took_the_place_stays() throws IOException {
        var old = showing(path, () -> REPORT);
        old.close();

        try (var _ = showing(path, () -> REPORT)) {
            old.close();

            assertThat(StatusSocket.ask(path, "text")).isEqualTo(REPORT.toText());
        }
    }

    private List<SocketChannel> fillBacklog() throws IOException {
        List<SocketChannel> connected = new ArrayList<>();
        while (connected.size() < 1_000) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException full) {
                channel.close();
                return connected;
            }
            connected.add(channel);
        }
        throw new IOException("the backlog has no end");
    }

    @Test
    void a_report_that_takes_too_long_is_told_as_such_and_not_as_an_empty_one() {
        var unblock = new CountDownLatch(1);
        try (var _ = showing(path, () -> reportAfter(unblock))) {
            for (String format : List.of("text", "json")) {
                assertThatThrownBy(() -> StatusSocket.ask(path, format))
                        .hasMessage("the process is too busy to tell within 2 s");
            }
        } finally {
            unblock.countDown();
        }
    }

    private static StatusReport reportAfter(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return REPORT;
    }

    @Test
    void a_report_that_fails_is_told_as_such_and_without_its_inner_workings() {
        try (var _ =
                showing(
                        path,
                        () -> {
                            throw new IllegalStateException("secret");
                        })) {
            assertThatThrownBy(() -> StatusSocket.ask(path, "json"))
                    .hasMessage("the process failed to tell it; its log says why");
        }
    }

    @Test
    void a_process_that_stands_still_keeps_nobody_waiting_without_an_end() throws IOException {
        try (var stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stopped.bind(UnixDomainSocketAddress.of(path));

            assertThatThrownBy(() -> StatusSocket.ask(path, "text"))
                    .hasMessage("no answer came within 8 s");
        }
    }

    @Test
    void silent_clients_are_hung_up_on_and_then_others_are_served() throws IOException {
        try (var _ = showing(path, () -> REPORT)) {
            List<SocketChannel> silent = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> StatusSocket.ask(path, "text").equals(REPORT.toText()));
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }
}
