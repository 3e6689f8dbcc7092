package io.sallyport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class StatusSocketTest {
    private static final StatusReport REPORT =
            new StatusReport(
                    Map.of("gateway", "dmz-1"),
                    List.of(
                            new StatusReport.Table(
                                    "agents",
                                    List.of("agent", "warm"),
                                    List.of(List.of("inside-1", 4))),
                            new StatusReport.Table("sessions", List.of("session"), List.of())));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static StatusSocket showing(Path path, Supplier<StatusReport> report) {
        StatusSocket socket = StatusSocket.open(path);
        socket.show(report);
        return socket;
    }

    @Test
    void a_program_is_told_in_json() throws IOException {
        try (var _ = showing(folder.resolve("a.sock"), () -> REPORT)) {
            assertThat(StatusSocket.ask(folder.resolve("a.sock"), "json"))
                    .isEqualTo(
                            "{\"gateway\":\"dmz-1\",\"agents\":[{\"agent\":\"inside-1\",\"warm\":4}],\"sessions\":[]}\n");
        }
    }

    @Test
    void a_person_is_told_in_aligned_tables() throws IOException {
        try (var _ = showing(folder.resolve("a.sock"), () -> REPORT)) {
            assertThat(StatusSocket.ask(folder.resolve("a.sock"), "text"))
                    .isEqualTo(
                            """
                            gateway  dmz-1

                            agents
                              agent     warm
                              inside-1  4

                            sessions
                              none
                            """);
        }
    }

    @Test
    void only_the_owner_may_ask() throws IOException {
        Path path = folder.resolve("new/a.sock");
        try (var _ = showing(path, () -> REPORT)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve("new"))))
                    .isEqualTo("rwx------");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void what_a_dead_process_left_behind_is_replaced() throws IOException {
        Path path = folder.resolve("a.sock");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (var _ = showing(path, () -> REPORT)) {
            assertThat(StatusSocket.ask(path, "text")).contains("dmz-1");
        }
    }

    @Test
    void a_second_process_of_the_same_name_is_refused_with_a_sentence() {
        Path path = folder.resolve("a.sock");
        try (var _ = showing(path, () -> REPORT)) {
            assertThatThrownBy(() -> StatusSocket.open(path))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("runs already");
        }
    }

    @Test
    void many_askers_are_all_answered() throws IOException {
        Path path = folder.resolve("a.sock");
        try (var _ = showing(path, () -> REPORT)) {
            for (int i = 0; i < 100; i++) {
                assertThat(StatusSocket.ask(path, "json")).contains("dmz-1");
            }
        }
    }

    @Test
    void who_asks_before_there_is_something_to_show_is_told_as_soon_as_there_is()
            throws IOException {
        Path path = folder.resolve("a.sock");
        try (var socket = StatusSocket.open(path);
                var asker = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            asker.write(StandardCharsets.US_ASCII.encode("text\n"));
            socket.show(() -> REPORT);

            assertThat(Channels.newInputStream(asker).readAllBytes())
                    .asString()
                    .isEqualTo(REPORT.toText());
        }
    }
}
