package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.peer.Valve;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Words;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes and connections come and go; partners notice as little as can be. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class RestartTest {
    private static final int PARTNERS = 20;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

    private final TcpOrigin echo = TcpOrigin.echo();
    private final int port = Ports.free();
    private final Encryption encryption;
    private Deployment deployment;
    private Valve valve;
    private Footprint before;

    RestartTest(Encryption encryption) {
        this.encryption = encryption;
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        deployment = new Deployment(directory, encryption);
        valve = new Valve(deployment.agentsPort());
        deployment
                .dialing(valve.port())
                .services(Service.of("echo", echo.port()).listen("127.0.0.1:" + port))
                .start();
        before = deployment.footprint();
    }

    @AfterEach
    void close() {
        deployment.close();
        valve.close();
        echo.close();
    }

    @Test
    void partners_that_come_while_the_agent_is_restarted_are_all_served() {
        deployment.agent().kill();

        try (var crowd =
                Crowd.connect(PARTNERS, port, Crowd::ownAddress, one -> one.send("waiting"))) {
            deployment.startAgent();

            crowd.each(partner -> assertThat(partner.receive(7)).asString().isEqualTo("waiting"));
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void a_gateway_that_was_killed_serves_within_five_seconds_after_it_listens() {
        deployment.gateway().kill();
        deployment.startGateway();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> listens(deployment.agentsPort()));

        await().atMost(BACK_WITHIN).pollInterval(Duration.ofMillis(20)).until(this::isServed);
        deployment.awaitBackAt(before);
    }

    @Test
    void a_lost_control_channel_ends_no_session_and_is_back_soon() {
        try (var running = Partner.connect(port)) {
            running.echo("before");
            int mark = deployment.gateway().log().size();

            valve.cutOldest();

            deployment
                    .gateway()
                    .log()
                    .awaitEventAfter(mark, "the agent is back", RestartTest::isAgentConnected);
            running.echo("after");
            assertThat(isServed()).isTrue();
            await().until(() -> deployment.gatewayStatus().sessions() == 1);
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void an_agent_that_comes_again_is_taken_at_once_though_its_old_connections_hang() {
        valve.freeze();
        deployment.agent().kill();
        deployment.dialing(deployment.agentsPort()).startAgent();

        await().atMost(BACK_WITHIN.plusSeconds(5))
                .pollInterval(Duration.ofMillis(50))
                .until(this::isServed);
    }

    @Test
    void data_channels_that_do_not_come_through_are_noticed_and_healed() {
        int mark = deployment.agent().log().size();
        valve.swallowNewConnections(true);
        // More than any pool of warm data channels holds.
        try (var crowd =
                Crowd.connect(400, port, Crowd::ownAddress, one -> one.send("not to be lost"))) {
            LogEvent said =
                    deployment
                            .agent()
                            .log()
                            .awaitEventAfter(mark, "data channels fail", LogEvent::isProblem);
            assertThat(said.line()).contains("data channel");
            assertThat(crowd.size()).isEqualTo(400);
        }

        valve.swallowNewConnections(false);

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(this::isServed);
    }

    private boolean isServed() {
        try (var partner = Partner.connect(port).patience(Duration.ofSeconds(2))) {
            partner.echo("served");
            return partner.finish().receiveAll().ending() == Ending.ORDERLY;
        } catch (UncheckedIOException | AssertionError notYet) {
            return false;
        }
    }

    private static boolean isAgentConnected(LogEvent event) {
        return event.event().equals(Words.AGENT_CONNECTED);
    }

    private static boolean listens(int port) {
        try (var partner = Partner.connect(port)) {
            return partner.address().getPort() > 0;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
