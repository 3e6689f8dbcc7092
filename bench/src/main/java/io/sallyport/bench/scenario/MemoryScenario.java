package io.sallyport.bench.scenario;

import io.sallyport.bench.load.FirstByte;
import io.sallyport.bench.load.IdleSessions;
import io.sallyport.bench.measure.Machine;
import io.sallyport.bench.measure.ProcessTree;
import io.sallyport.bench.target.Chain;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What idle sessions cost: the growth of the processes' proportional set size, divided by the
 * sessions. The processes are new, and have carried a few sessions before. The kernel's memory for
 * sockets is not in it.
 */
record MemoryScenario(int wanted) implements Scenario {
    private static final int WARM_UP = 1000;

    /** A process that has just worked hard gives back in steps what it needed only for that. */
    private static final Duration SETTLE = Duration.ofSeconds(7);

    /** What a process needs of descriptors beside those of sessions; HAProxy sets many aside. */
    private static final int OTHER_DESCRIPTORS = 2000;

    @Override
    public String name() {
        return "memory-" + wanted;
    }

    @Override
    public String description() {
        return wanted + " idle sessions, each after one byte there and back";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.KIB_EACH, Metric.MIB_AT_REST, Metric.SESSIONS);
    }

    @Override
    public boolean isForSlowNetworks() {
        return false;
    }

    @Override
    public Map<Metric, Double> measure(Subject subject) throws IOException, InterruptedException {
        // Each takes two descriptors of every process, the load generator included.
        int possible = Math.min(wanted, (Machine.descriptorsMax() - OTHER_DESCRIPTORS) / 2);
        try (Chain chain =
                subject.target()
                        .start(
                                subject.directories().get(),
                                subject.origin().port(),
                                Duration.ZERO)) {
            FirstByte.await(chain.port());
            try (var warmUp = new IdleSessions(chain.port())) {
                warmUp.growTo(Math.min(WARM_UP, possible));
            }
            Thread.sleep(SETTLE);
            return measure(chain, possible);
        }
    }

    private static Map<Metric, Double> measure(Chain chain, int count) throws InterruptedException {
        ProcessTree processes = chain.processes();
        try (var sessions = new IdleSessions(chain.port())) {
            double before = processes.pssKib();
            sessions.growTo(count);
            Thread.sleep(SETTLE);
            double growth = processes.pssKib() - before;
            Map<Metric, Double> values = new EnumMap<>(Metric.class);
            if (before > 0 && sessions.count() > 0) {
                values.put(Metric.KIB_EACH, growth / sessions.count());
                values.put(Metric.MIB_AT_REST, before / 1024);
            }
            values.put(Metric.SESSIONS, (double) sessions.count());
            return values;
        }
    }
}
