package io.sallyport.bench.report;

import io.sallyport.bench.measure.Machine.Noise;
import io.sallyport.bench.scenario.Metric;
import java.util.Map;

/**
 * One measurement.
 *
 * @param roundTripMillis of the network between the two processes
 */
public record Sample(
        int roundTripMillis,
        String test,
        String target,
        int repetition,
        Map<Metric, Double> values,
        Noise noise) {
    public Sample {
        values = Map.copyOf(values);
    }
}
