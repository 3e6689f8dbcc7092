package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.bench.load.Requests.Exchange;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class LoadTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @AutoClose private final Origin origin = Origin.start();

    @Test
    void sessions_of_one_byte_are_answered() throws IOException {
        assertAllAnswered(new Requests(origin.port(), Exchange.SESSION).concurrently(4, SHORT));
    }

    @Test
    void requests_are_answered_on_kept_connections_and_on_new_ones() throws IOException {
        for (Exchange kind : new Exchange[] {Exchange.HTTP_KEEP_ALIVE, Exchange.HTTP_CLOSE}) {
            assertAllAnswered(new Requests(origin.port(), kind).concurrently(4, SHORT));
        }
    }

    @Test
    void a_rate_is_kept() throws IOException {
        var outcome =
                new Requests(origin.port(), Exchange.SESSION).atRate(100, Duration.ofSeconds(1));

        assertAllAnswered(outcome);
        assertThat(outcome.latencies().count()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void no_rate_at_all_is_refused(double perSecond) {
        var requests = new Requests(origin.port(), Exchange.SESSION);

        assertThatThrownBy(() -> requests.atRate(perSecond, SHORT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_chain_that_breaks_every_connection_is_told_of_and_left() throws IOException {
        int deaf = origin.port();
        origin.close();

        var outcome = new Requests(deaf, Exchange.SESSION).concurrently(1, SHORT);

        assertThat(outcome.latencies().count()).isZero();
        assertThat(outcome.failures()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void bytes_are_counted_where_they_arrive(Bulk.Direction direction) throws IOException {
        try (var bulk = Bulk.start(origin.port(), origin, 2, direction)) {
            await().until(() -> bulk.bytes() > 10 << 20);
        }
    }

    @Test
    void idle_sessions_stay_open() throws InterruptedException {
        try (var sessions = new IdleSessions(origin.port())) {
            sessions.growTo(50);
            sessions.growTo(120);

            assertThat(sessions.count()).isEqualTo(120);
        }
    }

    @Test
    void a_delay_lets_bytes_and_both_ends_through_but_later() throws IOException {
        // Taken before there is a connection, as the relay counts from when it accepted it.
        long began = System.nanoTime();
        try (var network = DelayingRelay.to(origin.port(), Duration.ofMillis(100));
                var socket = new Socket(Origin.LOCAL, network.port())) {
            socket.getOutputStream().write(Origin.ECHO);

            assertThat(socket.getInputStream().read()).isEqualTo(Origin.ECHO);
            // One round trip for the connection and one for the byte; it can't be quicker.
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(200_000_000);

            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void assertAllAnswered(Requests.Outcome outcome) {
        assertThat(outcome.latencies().count()).isPositive();
        assertThat(outcome.perSecond()).isPositive();
        assertThat(outcome.failures()).isZero();
    }
}
