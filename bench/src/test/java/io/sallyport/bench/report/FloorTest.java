package io.sallyport.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.scenario.Metric;
import io.sallyport.bench.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FloorTest {
    private static final Floor AT_MOST =
            new Floor("w", List.of("t"), Metric.CPU_PER_GIB, "ours", List.of("peer"), 0.5, true);
    private static final Floor ABSOLUTE =
            new Floor("w", List.of("t"), Metric.KIB_EACH, "ours", List.of(), 6, true);

    @Test
    void a_ratio_that_is_not_above_the_bound_meets_it() {
        var samples =
                new Samples(
                        List.of(
                                Sampled.of("t", "ours", 1, Metric.CPU_PER_GIB, 1),
                                Sampled.of("t", "peer", 1, Metric.CPU_PER_GIB, 2)));

        Summary reached = AT_MOST.reached(samples, "t").orElseThrow();

        assertThat(AT_MOST.isMetBy(reached)).isTrue();
        assertThat(AT_MOST.isMetBy(new Summary(1, 0.51, 0.51, 0.51))).isFalse();
    }

    @Test
    void without_a_peer_the_number_itself_counts() {
        var samples = new Samples(List.of(Sampled.of("t", "ours", 1, Metric.KIB_EACH, 7)));

        Summary reached = ABSOLUTE.reached(samples, "t").orElseThrow();

        assertThat(reached.median()).isEqualTo(7);
        assertThat(ABSOLUTE.isMetBy(reached)).isFalse();
    }

    @Test
    void what_was_not_measured_is_not_reached() {
        assertThat(AT_MOST.reached(new Samples(List.of()), "t")).isEmpty();
    }

    @Test
    void every_floor_is_about_tests_that_exist_and_what_they_measure() {
        List<Scenario> tests = Scenario.all(List.of(10_000));

        assertThat(Floor.ALL)
                .allSatisfy(floor ->
                        assertThat(floor.tests())
                                .allSatisfy(name ->
                                        assertThat(tests)
                                                .anyMatch(test ->
                                                        test.name().equals(name)
                                                                && test.metrics()
                                                                        .contains(
                                                                                floor.metric()))));
    }
}
