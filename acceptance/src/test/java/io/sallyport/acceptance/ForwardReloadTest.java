package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Ports;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Entries come and go with the agent's configuration, and with its gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ForwardReloadTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TcpOrigin echo = TcpOrigin.echo();
    private final int one = Ports.free();
    private final int other = Ports.free();
    private Deployment deployment;

    @BeforeEach
    void start(@TempDir Path directory) {
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .allowingDestinations("[\"127.0.0.1:1024-65535\"]")
                        .forwarding(tunnelAt(one, "idle-timeout: 1h"))
                        .start();
    }

    @AfterEach
    void close() {
        deployment.close();
        echo.close();
    }

    private String tunnelAt(int port, String more) {
        return "{tunnels: [{listen: \"127.0.0.1:%d\", destination: \"localhost:%d\"}], %s}"
                .formatted(port, echo.port(), more);
    }

    @Test
    void a_reload_moves_an_entry_and_sessions_of_the_old_place_go_on() {
        try (var session = Partner.connect(one)) {
            session.echo("before");

            deployment.forwarding(tunnelAt(other, "idle-timeout: 1h")).reload();

            await().atMost(SOON).until(() -> Partner.isServed(other));
            assertThat(Partner.isServed(one)).isFalse();
            session.echo("after");
        }
    }

    @Test
    void a_reload_changes_what_an_entry_grants_to_those_who_come_later() {
        try (var session = Partner.connect(one)) {
            session.echo("before");

            deployment.forwarding(tunnelAt(one, "idle-timeout: 1s")).reload();

            await().atMost(SOON).until(() -> endsByItself());
            session.echo("after");
        }
    }

    @Test
    void a_faulty_reload_changes_nothing() {
        deployment.forwarding("{tunnels: [{listen: \"127.0.0.1:%d\"}]}".formatted(other)).reload();

        deployment
                .agent()
                .log()
                .awaitEvent("the fault", event -> event.toString().contains("destination"));
        assertThat(Partner.isServed(one)).isTrue();
    }

    @Test
    void clients_are_turned_away_while_no_gateway_is_there_and_served_when_it_is_back() {
        deployment.gateway().kill();

        await().atMost(SOON).until(() -> !Partner.isServed(one));
        deployment.startGateway();

        await().atMost(SOON).until(() -> Partner.isServed(one));
    }

    @Test
    void a_client_that_does_not_finish_its_handshake_is_reset_and_logged_once() {
        deployment
                .forwarding(
                        "{socks: {listen: \"127.0.0.1:%d\"}, allow: [\"*:443\"], handshake-timeout: 500ms}"
                                .formatted(other))
                .reload();
        await().atMost(SOON).until(() -> isOpen(other));
        int mark = deployment.agent().log().size();

        try (var client = Partner.connect(other)) {
            client.send(new byte[] {5, 1});
            assertThat(client.receiveAll().ending()).isEqualTo(Ending.RESET);
        }

        assertThat(
                        deployment
                                .agent()
                                .log()
                                .awaitEventAfter(
                                        mark,
                                        "the refusal",
                                        event -> event.event().equals("forward session refused"))
                                .field("why"))
                .contains("did not finish its handshake within 0.5 s");
    }

    private static boolean isOpen(int port) {
        try (var _ = Partner.connect(port)) {
            return true;
        } catch (UncheckedIOException notNow) {
            return false;
        }
    }

    private boolean endsByItself() {
        try (var partner = Partner.connect(one).patience(Duration.ofSeconds(3))) {
            partner.echo("served");
            return partner.receiveAll().ending() == Ending.RESET;
        } catch (UncheckedIOException | AssertionError notNow) {
            return false;
        }
    }
}
