package io.sallyport.bench.report;

import io.sallyport.bench.measure.Machine.Noise;
import io.sallyport.bench.scenario.Metric;
import java.util.Map;

/** Measurements for tests. */
final class Sampled {
    static Sample of(String test, String target, int repetition, Metric metric, double value) {
        return new Sample(0, test, target, repetition, Map.of(metric, value), new Noise(0, 0, 0.5));
    }

    static Sample loud(String test, String target, int repetition, Metric metric, double value) {
        return new Sample(0, test, target, repetition, Map.of(metric, value), new Noise(0.9, 0, 3));
    }

    private Sampled() {}
}
