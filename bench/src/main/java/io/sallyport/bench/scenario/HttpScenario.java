package io.sallyport.bench.scenario;

import io.sallyport.bench.load.Requests;
import io.sallyport.bench.load.Requests.Exchange;
import io.sallyport.bench.load.Requests.Outcome;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** HTTP requests for 1 KiB from 32 clients at once. */
record HttpScenario(boolean keepAlive) implements Scenario {
    private static final int CLIENTS = 32;

    @Override
    public String name() {
        return keepAlive ? "http-keep-alive" : "http-close";
    }

    @Override
    public String description() {
        return "HTTP, 1 KiB, "
                + CLIENTS
                + " clients, "
                + (keepAlive ? "connections kept" : "a connection for each request");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.PER_SECOND, Metric.P50, Metric.P99, Metric.CPU_MICROS, Metric.FAILED);
    }

    @Override
    public boolean isForSlowNetworks() {
        return false;
    }

    @Override
    public Map<Metric, Double> measure(Subject subject) throws IOException {
        var exchange = keepAlive ? Exchange.HTTP_KEEP_ALIVE : Exchange.HTTP_CLOSE;
        double cpuBefore = subject.chain().processes().cpuSeconds();
        Outcome outcome =
                new Requests(subject.chain().port(), exchange)
                        .concurrently(CLIENTS, subject.sample());
        double cpu = subject.chain().processes().cpuSeconds() - cpuBefore;
        if (outcome.latencies().count() == 0) {
            throw new IOException("no request was answered");
        }
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.PER_SECOND, outcome.perSecond());
        values.put(Metric.P50, outcome.latencies().percentileMillis(50));
        values.put(Metric.P99, outcome.latencies().percentileMillis(99));
        if (cpu > 0) {
            values.put(Metric.CPU_MICROS, cpu * 1e6 / outcome.latencies().count());
        }
        values.put(Metric.FAILED, (double) outcome.failures());
        return values;
    }
}
