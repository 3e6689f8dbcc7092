package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LatenciesTest {
    @Test
    void so_many_percent_are_not_above_a_percentile() {
        var latencies = new Latencies();
        for (int millis = 1000; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000L);
        }

        assertThat(latencies.percentileMillis(50)).isEqualTo(500);
        assertThat(latencies.percentileMillis(99)).isEqualTo(990);
        assertThat(latencies.percentileMillis(99.9)).isEqualTo(999);
        assertThat(latencies.percentileMillis(100)).isEqualTo(1000);
    }

    @Test
    void more_than_the_first_space_holds_are_kept() {
        var latencies = new Latencies();
        for (int i = 0; i < 100_000; i++) {
            latencies.add(i);
        }

        assertThat(latencies.count()).isEqualTo(100_000);
    }

    @Test
    void without_any_there_is_no_number() {
        assertThat(new Latencies().percentileMillis(50)).isNaN();
    }
}
