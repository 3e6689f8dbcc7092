package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static io.sallyport.agent.peer.Configuration.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.agent.peer.Origin;
import io.sallyport.agent.peer.SilentOrigin;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Ticket;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A session behaves alike on both kinds of data channels. */
@ParameterizedClass
@EnumSource
class SessionTest extends AgentBench {
    private static final byte[] EIGHT_MIB = new byte[8 * 1024 * 1024];

    static {
        new Random(7).nextBytes(EIGHT_MIB);
    }

    private final ChannelKind kind;

    SessionTest(ChannelKind kind) {
        this.kind = kind;
    }

    @Test
    void bytes_go_to_the_origin_and_back() throws Exception {
        var control = connected(configuration(files(echo.address())));

        var session = session(control, kind, "files");
        session.send("hello");

        session.awaitOpened();
        await().untilAsserted(() -> assertThat(session.received()).isEqualTo("hello"));
    }

    @Test
    void the_partner_may_end_first_and_still_receive() throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            try (Socket connection = origin.accept()) {
                session.send(EIGHT_MIB);
                session.end();

                byte[] received = connection.getInputStream().readAllBytes();
                connection.getOutputStream().write(received);
                connection.shutdownOutput();

                assertThat(session.awaitEnd()).isEqualTo(EIGHT_MIB);
            }
        }
    }

    @Test
    void the_origin_may_end_first_and_still_receive() throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            try (Socket connection = origin.accept()) {
                connection.getOutputStream().write(EIGHT_MIB);
                connection.shutdownOutput();

                session.send(session.awaitEnd());
                session.end();

                assertThat(connection.getInputStream().readAllBytes()).isEqualTo(EIGHT_MIB);
            }
        }
    }

    @Test
    void a_session_that_ends_in_order_is_told_of_in_one_line() throws Exception {
        var control = connected(configuration(files(echo.address())));

        var session = session(control, kind, "files");
        session.send("hello");
        session.end();
        session.awaitEnd();

        var line = log.awaitLine("session ended");
        assertThat(line.level()).isEqualTo(Level.INFO);
        assertThat(line.fields())
                .containsEntry("session", session.id().toString())
                .containsEntry("service", "files")
                .containsEntry("gateway", gateway.address().toString())
                .containsEntry("partner", "192.0.2.7:40000")
                .containsEntry("origin", echo.address().toString())
                .containsEntry("from-partner", "5")
                .containsEntry("from-origin", "5")
                .containsEntry("reason", "completed")
                .containsEntry("ended-by", "both")
                .doesNotContainKey("why");
        assertThat(line.field("seconds")).matches("\\d+\\.\\d{1,3}");
    }

    @Test
    void an_origin_that_resets_is_a_reset_for_the_partner() throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            Socket connection = origin.accept();
            session.awaitOpened();

            connection.setSoLinger(true, 0);
            connection.close();

            assertThat(session.awaitReset().reason()).isEqualTo(EndReason.ORIGIN_RESET);
            assertThat(log.awaitLine("session ended").field("ended-by")).isEqualTo("origin");
        }
    }

    @Test
    void a_partner_that_resets_is_a_reset_for_the_origin() throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            Socket connection = origin.accept();

            session.reset();

            assertReset(connection);
            assertThat(log.awaitLine("session ended").field("why"))
                    .isEqualTo("the partner was reset");
        }
    }

    @Test
    void a_data_channel_that_is_lost_is_a_reset_for_the_origin() throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            control.dial(kind, 1);
            var offer = gateway.offer(kind);
            open(offer, "files", Ticket.random());
            Socket connection = origin.accept();

            offer.retire();

            assertReset(connection);
            var line = log.awaitLine("session ended");
            assertThat(line.level()).isEqualTo(Level.WARN);
            assertThat(line.field("reason")).isEqualTo("channel-lost");
        }
    }

    @Test
    void an_origin_that_refuses_is_named_to_the_gateway() throws Exception {
        HostPort nobody = closedPort();
        var control = connected(configuration(files(nobody)));

        var session = session(control, kind, "files");

        assertThat(session.awaitReset())
                .isEqualTo(
                        new FakeSession.Reset(
                                EndReason.ORIGIN_REFUSED,
                                "service files: origin " + nobody + " refused the connection"));
        assertThat(log.awaitLine("session ended").level()).isEqualTo(Level.WARN);
    }

    @Test
    void an_origin_that_does_not_answer_in_time_is_named_to_the_gateway() throws Exception {
        try (var origin = new SilentOrigin()) {
            var control =
                    connected(
                            configuration(
                                    SilentOrigin.patience(
                                            files(origin.address()), Duration.ofMillis(300))));

            var session = session(control, kind, "files");

            assertThat(session.awaitReset())
                    .isEqualTo(
                            new FakeSession.Reset(
                                    EndReason.ORIGIN_TIMEOUT,
                                    "service files: origin "
                                            + origin.address()
                                            + " did not answer within 0.3 s"));
        }
    }

    @Test
    void a_partner_that_leaves_while_the_origin_is_being_connected_ends_the_session_at_once()
            throws Exception {
        try (var origin = new SilentOrigin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            await().until(() -> fact("sessions-running").equals(1));

            session.reset();

            assertThat(log.awaitLine("session ended").field("reason")).isEqualTo("partner-reset");
            assertThat(fact("sessions-running")).isEqualTo(0);
        }
    }

    @Test
    void an_origin_whose_name_is_not_known_is_said_so() throws Exception {
        var control = connected(configuration(files(new HostPort("no-such-host.invalid", 22))));

        var session = session(control, kind, "files");

        var reset = session.awaitReset();
        assertThat(reset.reason()).isEqualTo(EndReason.ORIGIN_REFUSED);
        assertThat(reset.why())
                .startsWith("service files: origin no-such-host.invalid:22: the name is not known");
    }

    @Test
    void a_service_that_is_not_the_agents_is_refused() throws Exception {
        var control = connected(configuration(files(echo.address())));

        var session = session(control, kind, "web");

        assertThat(session.awaitReset())
                .isEqualTo(
                        new FakeSession.Reset(
                                EndReason.SERVICE_UNKNOWN, "the agent has no service web"));
        assertThat(log.awaitLine("session refused").field("service")).isEqualTo("web");
    }

    @Test
    void the_origin_hears_of_the_partner_before_the_first_byte() throws Exception {
        try (var origin = new Origin()) {
            var control =
                    connected(
                            configuration(
                                    service(
                                            "web",
                                            ServiceProtocol.HTTP,
                                            origin.address(),
                                            ProxyProtocol.V1)));
            var session = session(control, kind, "web");
            session.send("GET");
            session.end();

            try (Socket connection = origin.accept()) {
                assertThat(connection.getInputStream().readAllBytes())
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 40000 22\r\nGET");
            }
        }
    }

    @Test
    void a_running_session_is_shown_with_its_bytes() throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, kind, "files");
        session.send("hello");

        await().untilAsserted(() ->
                assertThat(table("sessions"))
                        .singleElement()
                        .satisfies(row ->
                                assertThat(row)
                                        .containsEntry("session", session.id().toString())
                                        .containsEntry("service", "files")
                                        .containsEntry("partner", "192.0.2.7:40000")
                                        .containsEntry("origin", echo.address().toString())
                                        .containsEntry("state", "relaying")
                                        .containsEntry("from-partner", 5L)
                                        .containsEntry("from-origin", 5L)));
    }

    private static void assertReset(Socket connection) throws IOException {
        try (connection) {
            assertThatThrownBy(() -> connection.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    private static HostPort closedPort() throws IOException {
        try (var closed = new Origin()) {
            return closed.address();
        }
    }
}
