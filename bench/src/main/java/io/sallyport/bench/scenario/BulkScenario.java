package io.sallyport.bench.scenario;

import io.sallyport.bench.load.Bulk;
import io.sallyport.bench.load.Bulk.Direction;
import io.sallyport.bench.measure.ProcessTree;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * As many bytes as go through, one way. What is sent before the streams are at speed is not
 * counted.
 */
record BulkScenario(int streams, Direction direction) implements Scenario {
    private static final double GIB = 1L << 30;

    static Scenario up(int streams) {
        return new BulkScenario(streams, Direction.UP);
    }

    static Scenario down(int streams) {
        return new BulkScenario(streams, Direction.DOWN);
    }

    @Override
    public String name() {
        return "bulk-" + streams + "-" + direction.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String description() {
        return streams
                + (streams == 1 ? " stream " : " streams ")
                + (direction == Direction.UP ? "from partner to origin" : "from origin to partner");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.GBIT_PER_SECOND, Metric.CPU_PER_GIB);
    }

    @Override
    public boolean isForSlowNetworks() {
        return true;
    }

    @Override
    public Map<Metric, Double> measure(Subject subject) throws IOException, InterruptedException {
        ProcessTree processes = subject.chain().processes();
        try (var bulk = Bulk.start(subject.chain().port(), subject.origin(), streams, direction)) {
            Thread.sleep(subject.sample().dividedBy(4));
            long began = System.nanoTime();
            long bytesBefore = bulk.bytes();
            double cpuBefore = processes.cpuSeconds();
            Thread.sleep(subject.sample());
            long bytes = bulk.bytes() - bytesBefore;
            double cpu = processes.cpuSeconds() - cpuBefore;
            double seconds = (System.nanoTime() - began) / 1e9;
            if (bytes == 0) {
                throw new IOException("no byte arrived");
            }
            Map<Metric, Double> values = new EnumMap<>(Metric.class);
            values.put(Metric.GBIT_PER_SECOND, bytes * 8 / seconds / 1e9);
            if (cpu > 0) {
                values.put(Metric.CPU_PER_GIB, cpu / (bytes / GIB));
            }
            return values;
        }
    }
}
