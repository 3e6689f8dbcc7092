package io.sallyport.acceptance;

import static io.sallyport.acceptance.peer.Progress.awaitStandstill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Gate;
import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Receipt;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A slow reader slows its own sender and nobody else, and costs a bounded amount of memory. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class BackPressureTest {
    private static final int NEVER_READING = 50;
    private static final long GROWTH_MAX_BYTES = 200L << 20;
    private static final Duration ECHO_MAX = Duration.ofMillis(50);

    private static final Payload warmUp = Payload.mebibytes(1, 32);
    private static final Gate gate = new Gate();
    private static final TcpOrigin endlessSource = TcpOrigin.endlessSource();
    private static final TcpOrigin neverReading =
            TcpOrigin.that(session -> session.readToEnd(gate));
    private static final TcpOrigin echo = TcpOrigin.echo();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("source", endlessSource.port()),
                            Service.of("never-reading", neverReading.port()),
                            Service.of("echo", echo.port())));

    BackPressureTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigins() {
        List.of(endlessSource, neverReading, echo).forEach(TcpOrigin::close);
    }

    @Test
    void fifty_partners_that_never_read_cost_little_and_delay_nobody() {
        warmUp();
        long before = residentBytes();

        try (var crowd =
                        Crowd.connect(
                                NEVER_READING, stage.port("source"), Crowd::ownAddress, _ -> {});
                var live = Partner.connect(stage.port("echo"))) {
            awaitStandstill(() ->
                    endlessSource.sessions().stream().mapToLong(OriginSession::sentBytes).sum());

            assertThat(crowd.size()).isEqualTo(NEVER_READING);
            assertThat(residentBytes() - before).isLessThan(GROWTH_MAX_BYTES);
            assertThatNobodyIsDelayed(live);
        }
    }

    @Test
    void fifty_uploads_to_an_origin_that_never_reads_cost_little_and_delay_nobody() {
        gate.close();
        warmUp();
        long before = residentBytes();

        try (var crowd =
                        Crowd.connect(
                                NEVER_READING,
                                stage.port("never-reading"),
                                Crowd::ownAddress,
                                Partner::sendForever);
                var live = Partner.connect(stage.port("echo"))) {
            awaitStandstill(() -> crowd.partners().stream().mapToLong(Partner::sentBytes).sum());

            assertThat(residentBytes() - before).isLessThan(GROWTH_MAX_BYTES);
            assertThatNobodyIsDelayed(live);
            crowd.each(Partner::reset);
            // What was on the way has to go somewhere before the reset can be seen.
            gate.open();
        }
    }

    /** Fills heaps and pools as ordinary transfers do, so that only what is held is measured. */
    private void warmUp() {
        List<Callable<Receipt>> transfers =
                IntStream.range(0, 8)
                        .<Callable<Receipt>>mapToObj(_ -> () -> echoed(warmUp))
                        .toList();
        assertThat(Crowd.inParallel(transfers)).containsOnly(Receipt.whole(warmUp));
    }

    private Receipt echoed(Payload payload) {
        try (var partner = Partner.connect(stage.port("echo"))) {
            var sent = partner.sendAside(payload, true);
            Receipt received = partner.receiveAll();
            sent.join();
            return received;
        }
    }

    private long residentBytes() {
        return stage.deployment().gateway().residentBytes()
                + stage.deployment().agent().residentBytes();
    }

    /** A busy machine may spoil a round; what the product delays, it delays in every one. */
    private static void assertThatNobodyIsDelayed(Partner live) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(echoTime(live)).isLessThan(ECHO_MAX));
    }

    /** What 99 of 100 echoes stay below; the hundredth may meet a busy machine. */
    private static Duration echoTime(Partner live) {
        live.echo("warm");
        List<Duration> times =
                Stream.generate(() -> live.echoTime("still there?")).limit(200).toList();
        return Crowd.percentile(99, times);
    }
}
