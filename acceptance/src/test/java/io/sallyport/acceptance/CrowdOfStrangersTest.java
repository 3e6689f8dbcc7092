package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.ClientHello;
import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.peer.Valve;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands who come and say nothing are in nobody's way. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class CrowdOfStrangersTest {
    private static final int STRANGERS = 5_000;
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** More than one batch of warm data channels, so that some have to be dialed now. */
    private static final int GENUINE_PARTNERS = 20;

    private final TcpOrigin echo = TcpOrigin.echo();
    private final Encryption encryption;
    private Deployment deployment;
    private Valve valve;
    private Footprint before;

    CrowdOfStrangersTest(Encryption encryption) {
        this.encryption = encryption;
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        deployment =
                new Deployment(directory, encryption)
                        .limits("{parked-partners: %d}".formatted(STRANGERS));
        valve = new Valve(deployment.agentsPort());
        deployment.dialing(valve.port()).services(Service.of("echo", echo.port())).start();
        Partner.connect(deployment.port("echo")).echo("warm").close();
        before = deployment.footprint();
    }

    @AfterEach
    void close() {
        deployment.close();
        valve.close();
        echo.close();
    }

    @Test
    void silent_connections_at_the_agents_port_delay_neither_agent_nor_partner() {
        besieged(_ -> {});
    }

    @Test
    void half_done_handshakes_at_the_agents_port_delay_neither_agent_nor_partner() {
        byte[] hello = ClientHello.bytes("sallyport-control/1");

        besieged(stranger -> stranger.send(hello));
    }

    @Test
    void silent_partners_delay_neither_agent_nor_partner() {
        // On an agent of their own: each would cost the valve two descriptors.
        deployment.startOtherAgent(Service.of("crowded", echo.port()));
        before = deployment.footprint();
        int port = deployment.port("crowded");
        try (var strangers = Crowd.connect(STRANGERS, port, Crowd::ownAddress, _ -> {})) {
            // To gateway and agent a silent partner is a session like any other.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> deployment.otherAgentStatus().sessions() == strangers.size());
            assertPartnersAreServedAtOnce("crowded");
            assertAgentIsServedAtOnce();
            assertPartnersAreServedAtOnce("echo");
        }
        deployment.awaitBackAt(before);
    }

    private void besieged(Consumer<Partner> greeting) {
        int port = deployment.agentsPort();
        try (var strangers = Crowd.connect(STRANGERS, port, Crowd::ownAddress, greeting)) {
            assertThat(strangers.size()).isEqualTo(STRANGERS);
            awaitAccepted(port);
            assertPartnersAreServedAtOnce("echo");
            assertAgentIsServedAtOnce();
            assertPartnersAreServedAtOnce("echo");
        }
        deployment.awaitBackAt(before);
    }

    /** Who comes first is accepted first: behind all strangers, one who talks nonsense is reset. */
    private static void awaitAccepted(int port) {
        try (var last = Partner.connect(port)) {
            assertThat(last.send("nonsense").receiveAll().ending()).isEqualTo(Ending.RESET);
        }
    }

    private void assertPartnersAreServedAtOnce(String service) {
        int port = deployment.port(service);
        List<Callable<Duration>> partners =
                IntStream.range(0, GENUINE_PARTNERS)
                        .<Callable<Duration>>mapToObj(_ -> () -> timeToFirstEcho(port))
                        .toList();
        assertThat(Crowd.inParallel(partners)).allMatch(time -> time.compareTo(AT_ONCE) < 0);
    }

    private static Duration timeToFirstEcho(int port) {
        long start = System.nanoTime();
        try (var partner = Partner.connect(port)) {
            partner.echo("genuine");
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    /** The agent loses its control channel; counted from its new connection to its acceptance. */
    private void assertAgentIsServedAtOnce() {
        int connections = valve.arrivals().size();
        int mark = deployment.gateway().log().size();
        valve.cutOldest();
        LogEvent connected =
                deployment
                        .gateway()
                        .log()
                        .awaitEventAfter(
                                mark,
                                "the agent is back",
                                event -> event.event().equals(Words.AGENT_CONNECTED));
        Instant came = valve.arrivals().get(connections);
        assertThat(Duration.between(came, connected.time())).isLessThan(AT_ONCE);
    }
}
