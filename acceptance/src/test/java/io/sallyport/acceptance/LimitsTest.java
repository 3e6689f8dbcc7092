package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Service;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What grows has a bound; who meets it is told so, and the others go on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LimitsTest {
    private final TcpOrigin echo = TcpOrigin.echo();
    private Deployment deployment;

    @BeforeEach
    void prepare(@TempDir Path directory) {
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .services(Service.of("echo", echo.port()));
    }

    @AfterEach
    void close() {
        deployment.close();
        echo.close();
    }

    @Test
    void sessions_of_one_address_are_limited_and_other_addresses_are_not_harmed() {
        deployment.limits("{sessions-per-address: 3}").start();
        Footprint before = deployment.footprint();
        int port = deployment.port("echo");
        try (var crowd = Crowd.connect(3, port, _ -> Crowd.ownAddress(1), one -> one.echo("in"));
                var fourth = Partner.connectFrom(Crowd.ownAddress(1).getHostAddress(), port);
                var other = Partner.connectFrom(Crowd.ownAddress(2).getHostAddress(), port)) {
            assertThat(fourth.receiveAll().ending()).isEqualTo(Ending.RESET);
            other.echo("unharmed");
            crowd.each(partner -> partner.echo("still in"));
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void sessions_of_one_service_are_limited() {
        deployment.services(Service.of("echo", echo.port()).with("max-sessions", "2")).start();
        Footprint before = deployment.footprint();
        int port = deployment.port("echo");
        try (var crowd = Crowd.connect(2, port, Crowd::ownAddress, one -> one.echo("in"));
                var third = Partner.connect(port)) {
            assertThat(third.receiveAll().ending()).isEqualTo(Ending.RESET);
            crowd.each(partner -> partner.echo("still in"));
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void a_session_that_moves_no_byte_ends_by_a_reset_after_the_idle_timeout() {
        deployment.services(Service.of("echo", echo.port()).with("idle-timeout", "1s")).start();
        Footprint before = deployment.footprint();
        try (var partner = Partner.connect(deployment.port("echo"))) {
            partner.echo("a byte restarts the time");

            assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void a_half_closed_session_that_moves_no_byte_ends_by_a_reset() {
        try (var mute = TcpOrigin.thatStaysSilentAfterTheEnd()) {
            deployment
                    .services(Service.of("mute", mute.port()).with("half-close-timeout", "1s"))
                    .start();
            Footprint before = deployment.footprint();
            try (var partner = Partner.connect(deployment.port("mute"))) {
                partner.send("all I have to say").finish();

                assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
            }
            deployment.awaitBackAt(before);
        }
    }

    @Test
    void a_gateway_without_descriptors_left_pauses_and_goes_on_by_itself() {
        deployment.gatewayUnder("prlimit", "--nofile=300:300").start();
        int port = deployment.port("echo");
        try (var crowd = Crowd.connect(400, port, Crowd::ownAddress, _ -> {})) {
            assertThat(crowd.size()).isEqualTo(400);
            assertThat(deployment.gateway().isAlive()).isTrue();
        }

        await().atMost(Duration.ofSeconds(15)).until(() -> Partner.isServed(port));
    }
}
