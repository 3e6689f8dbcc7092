package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Json;
import io.sallyport.acceptance.product.Log;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import io.sallyport.acceptance.product.Status;
import io.sallyport.acceptance.product.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What gateway and agent tell of their sessions, while they run and when they end. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class StatusTest {
    private static final String UPLOAD = "twelve bytes";

    private static final TcpOrigin echo = TcpOrigin.echo();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment -> deployment.services(Service.of("echo", echo.port())));

    StatusTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigin() {
        echo.close();
    }

    @Test
    void a_running_session_is_shown_by_both_with_the_same_id_and_its_bytes_so_far() {
        try (var partner = Partner.connect(stage.port("echo"))) {
            partner.echo(UPLOAD);

            Map<String, String> atGateway = onlySession(stage.deployment().gatewayStatus());
            Map<String, String> atAgent = onlySession(stage.deployment().agentStatus());
            String address = "127.0.0.1:" + partner.address().getPort();
            for (Map<String, String> session : List.of(atGateway, atAgent)) {
                assertThat(session)
                        .containsEntry(Words.SERVICE, "echo")
                        .containsEntry(Words.PARTNER, address)
                        .containsEntry(Words.BYTES_FROM_PARTNER, "12")
                        .containsEntry(Words.BYTES_FROM_ORIGIN, "12");
            }
            assertThat(atGateway.get(Words.SESSION)).isEqualTo(atAgent.get(Words.SESSION));
        }
    }

    @Test
    void the_end_of_a_session_is_one_line_in_each_log() {
        int port;
        try (var partner = Partner.connect(stage.port("echo"))) {
            port = partner.address().getPort();
            partner.echo(UPLOAD).finish().receiveAll();
        }

        LogEvent atGateway = ended(stage.deployment().gateway().log(), port);
        LogEvent atAgent = ended(stage.deployment().agent().log(), port);
        for (LogEvent end : List.of(atGateway, atAgent)) {
            assertThat(end.field(Words.SERVICE)).isEqualTo("echo");
            assertThat(end.field(Words.BYTES_FROM_PARTNER)).isEqualTo("12");
            assertThat(end.field(Words.BYTES_FROM_ORIGIN)).isEqualTo("12");
            assertThat(end.field(Words.REASON)).isEqualTo("completed");
            assertThat(end.field(Words.DURATION)).isNotEmpty();
            assertThat(end.line()).doesNotContain(UPLOAD);
        }
        assertThat(atAgent.field(Words.ORIGIN)).isEqualTo("127.0.0.1:" + echo.port());
        assertThat(atGateway.field(Words.SESSION)).isEqualTo(atAgent.field(Words.SESSION));
    }

    @Test
    void the_command_shows_what_the_socket_tells_and_only_its_owner_may_ask() throws IOException {
        CommandResult json = stage.deployment().status("gateway.sock", "--json");
        assertThat(json.exitCode()).as(json::text).isZero();
        assertThat(new Status(Json.object(json.out())).listeners())
                .isEqualTo(stage.deployment().gatewayStatus().listeners());

        CommandResult table = stage.deployment().status("agent.sock");
        assertThat(table.exitCode()).as(table::text).isZero();
        assertThat(table.out()).contains("echo").contains("127.0.0.1:" + stage.port("echo"));

        for (String socket : List.of("gateway.sock", "agent.sock")) {
            var permissions =
                    Files.getPosixFilePermissions(stage.deployment().directory().resolve(socket));
            assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        }
    }

    private static Map<String, String> onlySession(Status status) {
        assertThat(status.table(Words.STATUS_SESSIONS)).hasSize(1);
        return status.table(Words.STATUS_SESSIONS).getFirst();
    }

    private static LogEvent ended(Log log, int partnerPort) {
        log.awaitEvent("the end of the session", event -> isEnd(event, partnerPort));
        List<LogEvent> ends = log.events(event -> isEnd(event, partnerPort));
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    private static boolean isEnd(LogEvent event, int partnerPort) {
        return event.event().equals(Words.SESSION_ENDED)
                && event.field(Words.PARTNER).endsWith(":" + partnerPort);
    }
}
