package io.sallyport.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BackoffTest {
    private final Backoff earliest = new Backoff(() -> 0);
    private final Backoff latest = new Backoff(() -> 1);

    @ParameterizedTest
    @CsvSource({
        "0, 100, 200",
        "1, 200, 400",
        "2, 400, 800",
        "3, 800, 1600",
        "4, 1000, 2000",
        "900, 1000, 2000"
    })
    void the_wait_doubles_up_to_two_seconds_and_half_of_it_is_left_to_chance(
            int failures, long earliestMillis, long latestMillis) {
        assertThat(earliest.delay(failures)).isEqualTo(Duration.ofMillis(earliestMillis));
        assertThat(latest.delay(failures)).isEqualTo(Duration.ofMillis(latestMillis));
    }

    @Test
    void a_gateway_is_not_disturbed_earlier_than_it_asked_for() {
        assertThat(earliest.delay(0, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
        assertThat(latest.delay(0, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void a_gateway_that_asks_for_less_is_not_disturbed_more_often() {
        assertThat(earliest.delay(5, Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(1));
    }
}
