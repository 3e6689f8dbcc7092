package io.sallyport.bench.scenario;

import io.sallyport.bench.load.Requests;
import io.sallyport.bench.load.Requests.Exchange;
import io.sallyport.bench.load.Requests.Outcome;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * New sessions, each for one byte there and back; timed from connect to the byte. First as many as
 * go, then half as many per second.
 */
record SessionScenario(int concurrent) implements Scenario {
    @Override
    public String name() {
        return "sessions-" + concurrent;
    }

    @Override
    public String description() {
        return "new sessions, "
                + concurrent
                + " at a time: connect, one byte there and back, close; then at half that rate";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.PER_SECOND,
                Metric.P50,
                Metric.P99,
                Metric.P999,
                Metric.HALF_P50,
                Metric.HALF_P99,
                Metric.HALF_P999,
                Metric.CPU_MICROS,
                Metric.FAILED);
    }

    @Override
    public boolean isForSlowNetworks() {
        return true;
    }

    @Override
    public int passes() {
        return 3;
    }

    @Override
    public Map<Metric, Double> measure(Subject subject) throws IOException {
        var requests = new Requests(subject.chain().port(), Exchange.SESSION);
        double cpuBefore = subject.chain().processes().cpuSeconds();
        Outcome full = requests.concurrently(concurrent, subject.sample());
        double cpu = subject.chain().processes().cpuSeconds() - cpuBefore;
        if (full.perSecond() == 0) {
            throw new IOException("no session was served in time");
        }
        Outcome half = requests.atRate(full.perSecond() / 2, subject.sample());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.PER_SECOND, full.perSecond());
        values.put(Metric.P50, full.latencies().percentileMillis(50));
        values.put(Metric.P99, full.latencies().percentileMillis(99));
        values.put(Metric.P999, full.latencies().percentileMillis(99.9));
        values.put(Metric.HALF_P50, half.latencies().percentileMillis(50));
        values.put(Metric.HALF_P99, half.latencies().percentileMillis(99));
        values.put(Metric.HALF_P999, half.latencies().percentileMillis(99.9));
        if (cpu > 0) {
            values.put(Metric.CPU_MICROS, cpu * 1e6 / full.latencies().count());
        }
        values.put(Metric.FAILED, (double) full.failures() + half.failures());
        return values;
    }
}
