package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that wait cost little, and stay. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class IdleSessionsTest {
    private static final int SESSIONS = 5_000;
    private static final long SESSION_MAX_BYTES = 64 << 10;

    private static final TcpOrigin echo = TcpOrigin.echo();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment -> deployment.services(Service.of("echo", echo.port())));

    IdleSessionsTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigin() {
        echo.close();
    }

    @Test
    void five_thousand_idle_sessions_cost_little_memory_and_are_all_alive_afterwards() {
        int port = stage.port("echo");
        try (var warmUp = Crowd.connect(500, port, Crowd::sharedAddress, one -> one.echo("w"))) {
            assertThat(warmUp.size()).isEqualTo(500);
        }
        awaitSessions(0);
        long before = residentBytes();

        try (var crowd =
                Crowd.connect(SESSIONS, port, Crowd::sharedAddress, one -> one.echo("hello"))) {
            awaitSessions(SESSIONS);
            long each = (residentBytes() - before) / SESSIONS;

            assertThat(each).as("bytes for each session").isLessThan(SESSION_MAX_BYTES);
            crowd.each(partner -> partner.echo("!"));
            assertThat(stage.deployment().gatewayStatus().sessions()).isEqualTo(SESSIONS);
        }
    }

    private void awaitSessions(int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> stage.deployment().gatewayStatus().sessions() == count);
    }

    private long residentBytes() {
        return stage.deployment().gateway().residentBytes()
                + stage.deployment().agent().residentBytes();
    }
}
