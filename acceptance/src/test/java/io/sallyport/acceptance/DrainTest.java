package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.Pace;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.RunningProcess;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Signal;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGTERM lets sessions end, up to a time; a second one does not. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class DrainTest {
    private static final Duration DRAIN = Duration.ofSeconds(4);

    private final TcpOrigin echo = TcpOrigin.echo();
    private final TcpOrigin sink = TcpOrigin.that(session -> session.readToEnd(Pace.EAGER));
    private final Encryption encryption;
    private Deployment deployment;

    DrainTest(Encryption encryption) {
        this.encryption = encryption;
    }

    /** Which of the two processes is stopped. */
    enum Stopped {
        GATEWAY,
        AGENT;

        RunningProcess in(Deployment deployment) {
            return switch (this) {
                case GATEWAY -> deployment.gateway();
                case AGENT -> deployment.agent();
            };
        }
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        String drain = DRAIN.toSeconds() + "s";
        deployment =
                new Deployment(directory, encryption)
                        .services(Service.of("echo", echo.port()), Service.of("sink", sink.port()));
        deployment.startGateway("--drain", drain);
        deployment.startAgent("--drain", drain);
        deployment.awaitServing();
    }

    @AfterEach
    void close() {
        deployment.close();
        echo.close();
        sink.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_ends_while_draining_ends_whole_and_then_the_process_ends(Stopped stopped) {
        try (var running = Partner.connect(deployment.port("echo"))) {
            running.echo("before");

            stopped.in(deployment).signal(Signal.TERM);

            running.echo("while draining").finish();
            assertThat(running.receiveAll().ending()).isEqualTo(Ending.ORDERLY);
        }
        assertThat(stopped.in(deployment).awaitExit(DRAIN)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_goes_on_is_reset_on_both_sides_after_the_drain_time(Stopped stopped) {
        try (var running = Partner.connect(deployment.port("sink"))) {
            running.send("not the whole of it");
            OriginSession session = sink.nextSession();
            long start = System.nanoTime();

            stopped.in(deployment).signal(Signal.TERM);

            assertThat(running.receiveAll().ending()).isEqualTo(Ending.RESET);
            assertThat(session.receipt().ending()).isEqualTo(Ending.RESET);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(DRAIN.minusMillis(200), DRAIN.plusSeconds(3));
        }
        assertThat(stopped.in(deployment).awaitExit(Duration.ofSeconds(5))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_second_signal_ends_the_process_at_once_and_resets_its_sessions(Stopped stopped) {
        try (var running = Partner.connect(deployment.port("sink"))) {
            running.send("not the whole of it");
            OriginSession session = sink.nextSession();
            RunningProcess process = stopped.in(deployment);
            int mark = process.log().size();

            process.signal(Signal.TERM);
            process.log().awaitEventAfter(mark, "draining", _ -> true);
            process.signal(Signal.TERM);

            process.awaitExit(Duration.ofSeconds(2));
            assertThat(running.receiveAll().ending()).isEqualTo(Ending.RESET);
            assertThat(session.receipt().ending()).isEqualTo(Ending.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_new_is_taken_while_draining(Stopped stopped) {
        int port = deployment.port("echo");
        try (var running = Partner.connect(port)) {
            running.echo("before");

            stopped.in(deployment).signal(Signal.TERM);

            await().atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> isNotServed(port));
            running.echo("still there");
        }
    }

    private static boolean isNotServed(int port) {
        try (var partner = Partner.connect(port).patience(Duration.ofMillis(300))) {
            partner.echo("new");
            return false;
        } catch (UncheckedIOException | AssertionError refused) {
            return true;
        }
    }
}
