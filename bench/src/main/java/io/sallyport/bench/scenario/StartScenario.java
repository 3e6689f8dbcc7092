package io.sallyport.bench.scenario;

import io.sallyport.bench.load.FirstByte;
import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Sallyport;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** From the start of the first process until a partner has had an answer from the origin. */
record StartScenario() implements Scenario {
    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "from the start of both processes to the first answer; and of a gateway alone";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.MILLIS, Metric.GATEWAY_MILLIS);
    }

    @Override
    public boolean isForSlowNetworks() {
        return false;
    }

    @Override
    public int passes() {
        return 3;
    }

    @Override
    public Map<Metric, Double> measure(Subject subject) throws IOException {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        long began = System.nanoTime();
        try (Chain chain =
                subject.target()
                        .start(
                                subject.directories().get(),
                                subject.origin().port(),
                                Duration.ZERO)) {
            FirstByte.await(chain.port());
            values.put(Metric.MILLIS, millisSince(began));
        }
        if (subject.target() instanceof Sallyport product) {
            began = System.nanoTime();
            try (Chain _ = product.startGateway(subject.directories().get())) {
                values.put(Metric.GATEWAY_MILLIS, millisSince(began));
            }
        }
        return values;
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
