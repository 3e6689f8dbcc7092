package io.sallyport.bench.report;

import static io.sallyport.bench.scenario.Metric.CPU_PER_GIB;
import static io.sallyport.bench.scenario.Metric.GATEWAY_MILLIS;
import static io.sallyport.bench.scenario.Metric.GBIT_PER_SECOND;
import static io.sallyport.bench.scenario.Metric.HALF_P99;
import static io.sallyport.bench.scenario.Metric.KIB_EACH;
import static io.sallyport.bench.scenario.Metric.PER_SECOND;

import io.sallyport.bench.scenario.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * What the product must reach: a ratio to the best of some peers, or, without peers, a number.
 *
 * @param tests those of them that were run; each has to reach it
 * @param atMost whether less is better
 */
record Floor(
        String work,
        List<String> tests,
        Metric metric,
        String target,
        List<String> peers,
        double bound,
        boolean atMost) {
    private static final List<String> BULK =
            List.of("bulk-1-up", "bulk-1-down", "bulk-8-up", "bulk-8-down");
    private static final List<String> SESSIONS = List.of("sessions-8");
    private static final List<String> MEMORY = List.of("memory-10000");
    private static final String PLAIN = "sallyport";
    private static final String TLS = "sallyport-tls";

    static final List<Floor> ALL =
            List.of(
                    atMost("bulk, plain, CPU", BULK, CPU_PER_GIB, PLAIN, List.of("nginx"), 0.42),
                    atMost("bulk, plain, CPU", BULK, CPU_PER_GIB, PLAIN, List.of("haproxy"), 0.75),
                    atLeast(
                            "bulk, plain, throughput",
                            BULK,
                            GBIT_PER_SECOND,
                            PLAIN,
                            List.of("nginx", "haproxy"),
                            1.05),
                    atMost("bulk, TLS, CPU", BULK, CPU_PER_GIB, TLS, List.of("nginx-tls"), 0.80),
                    atLeast(
                            "bulk, TLS, throughput",
                            BULK,
                            GBIT_PER_SECOND,
                            TLS,
                            List.of("nginx-tls"),
                            1.3),
                    atLeast(
                            "new sessions per second, plain",
                            SESSIONS,
                            PER_SECOND,
                            PLAIN,
                            List.of("haproxy"),
                            0.95),
                    atLeast(
                            "new sessions per second, TLS",
                            SESSIONS,
                            PER_SECOND,
                            TLS,
                            List.of("nginx-tls"),
                            2.0),
                    atMost(
                            "p99 at half load, plain",
                            SESSIONS,
                            HALF_P99,
                            PLAIN,
                            List.of("nginx", "haproxy", "rathole"),
                            1.5),
                    atMost(
                            "p99 at half load, TLS",
                            SESSIONS,
                            HALF_P99,
                            TLS,
                            List.of("nginx-tls", "haproxy-tls", "ssh", "frp"),
                            1.5),
                    atMost(
                            "memory per idle session, TLS",
                            MEMORY,
                            KIB_EACH,
                            TLS,
                            List.of("haproxy-tls"),
                            0.85),
                    atMost(
                            "memory per idle session, plain, KiB",
                            MEMORY,
                            KIB_EACH,
                            PLAIN,
                            List.of(),
                            6),
                    atMost(
                            "start of a gateway, TLS ready, ms",
                            List.of("start"),
                            GATEWAY_MILLIS,
                            TLS,
                            List.of(),
                            500));

    private static Floor atMost(
            String work,
            List<String> tests,
            Metric metric,
            String target,
            List<String> peers,
            double bound) {
        return new Floor(work, tests, metric, target, peers, bound, true);
    }

    private static Floor atLeast(
            String work,
            List<String> tests,
            Metric metric,
            String target,
            List<String> peers,
            double bound) {
        return new Floor(work, tests, metric, target, peers, bound, false);
    }

    /** What was reached in one of the tests; empty if it was not measured. */
    Optional<Summary> reached(Samples samples, String test) {
        Samples measured = samples.of(0, test);
        if (peers.isEmpty()) {
            return measured.summary(target, metric);
        }
        BinaryOperator<Double> better = atMost ? Math::min : Math::max;
        return measured.ratio(target, metric, peers, better);
    }

    boolean isMetBy(Summary reached) {
        return atMost ? reached.median() <= bound : reached.median() >= bound;
    }
}
