package io.sallyport.bench.report;

import io.sallyport.bench.scenario.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/** The measurements of a run, and what can be asked of them. */
public record Samples(List<Sample> all) {
    public Samples {
        all = List.copyOf(all);
    }

    /** Those of one test, over one network. */
    Samples of(int roundTripMillis, String test) {
        return new Samples(
                all.stream()
                        .filter(sample ->
                                sample.roundTripMillis() == roundTripMillis
                                        && sample.test().equals(test))
                        .toList());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** How many were taken while the machine was busy with something else. */
    long loud(String target) {
        return of(target).filter(sample -> sample.noise().isLoud()).count();
    }

    Optional<Summary> summary(String target, Metric metric) {
        return Summary.of(byRepetition(target, metric).values());
    }

    /**
     * A target's number divided by a peer's, within each repetition, so that what the machine does
     * meanwhile cancels out.
     *
     * @param better which of two peers' numbers counts, where there are several peers
     */
    Optional<Summary> ratio(
            String target, Metric metric, Collection<String> peers, BinaryOperator<Double> better) {
        Map<Integer, Double> best = new TreeMap<>();
        for (String peer : peers) {
            byRepetition(peer, metric)
                    .forEach((repetition, value) -> best.merge(repetition, value, better));
        }
        List<Double> ratios = new ArrayList<>();
        byRepetition(target, metric)
                .forEach((repetition, value) ->
                        ratios.add(value / best.getOrDefault(repetition, Double.NaN)));
        return Summary.of(ratios);
    }

    private Map<Integer, Double> byRepetition(String target, Metric metric) {
        Map<Integer, Double> values = new TreeMap<>();
        of(target)
                .filter(sample -> sample.values().containsKey(metric))
                .forEach(sample -> values.put(sample.repetition(), sample.values().get(metric)));
        return values;
    }

    private Stream<Sample> of(String target) {
        return all.stream().filter(sample -> sample.target().equals(target));
    }
}
