package io.sallyport.bench.report;

import static io.sallyport.bench.scenario.Metric.CPU_PER_GIB;
import static io.sallyport.bench.scenario.Metric.PER_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SamplesTest {
    @Test
    void a_ratio_is_taken_within_each_repetition() {
        var samples =
                new Samples(
                        List.of(
                                Sampled.of("t", "ours", 1, PER_SECOND, 10),
                                Sampled.of("t", "peer", 1, PER_SECOND, 5),
                                Sampled.of("t", "ours", 2, PER_SECOND, 100),
                                Sampled.of("t", "peer", 2, PER_SECOND, 25)));

        assertThat(samples.ratio("ours", PER_SECOND, List.of("peer"), Math::max))
                .contains(new Summary(2, 3, 2, 4));
    }

    @Test
    void the_better_peer_counts_in_each_repetition() {
        var samples =
                new Samples(
                        List.of(
                                Sampled.of("t", "ours", 1, CPU_PER_GIB, 6),
                                Sampled.of("t", "slow", 1, CPU_PER_GIB, 12),
                                Sampled.of("t", "quick", 1, CPU_PER_GIB, 3)));

        assertThat(samples.ratio("ours", CPU_PER_GIB, List.of("slow", "quick"), Math::min))
                .contains(new Summary(1, 2, 2, 2));
    }

    @Test
    void a_repetition_that_the_peer_missed_has_no_ratio() {
        var samples = new Samples(List.of(Sampled.of("t", "ours", 1, PER_SECOND, 10)));

        assertThat(samples.ratio("ours", PER_SECOND, List.of("peer"), Math::max)).isEmpty();
    }

    @Test
    void samples_of_a_busy_machine_are_counted() {
        var samples =
                new Samples(
                        List.of(
                                Sampled.of("t", "ours", 1, PER_SECOND, 10),
                                Sampled.loud("t", "ours", 2, PER_SECOND, 10)));

        assertThat(samples.loud("ours")).isEqualTo(1);
    }
}
