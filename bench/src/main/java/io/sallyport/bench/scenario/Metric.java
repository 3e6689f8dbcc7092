package io.sallyport.bench.scenario;

/** What a number is, and how it is shown. */
public enum Metric {
    GBIT_PER_SECOND("Gbit/s", 2),
    CPU_PER_GIB("CPU-s/GiB", 2),
    PER_SECOND("per second", 0),
    P50("p50 ms", 2),
    P99("p99 ms", 2),
    P999("p99.9 ms", 2),
    HALF_P50("half load: p50 ms", 2),
    HALF_P99("half load: p99 ms", 2),
    HALF_P999("half load: p99.9 ms", 2),
    CPU_MICROS("CPU µs each", 0),
    FAILED("failed", 0),
    SESSIONS("sessions", 0),
    KIB_EACH("KiB per session", 1),
    MIB_AT_REST("MiB without sessions", 0),
    GATEWAY_MILLIS("gateway listens, ms", 0),
    MILLIS("first answer, ms", 0);

    private final String unit;
    private final int decimals;

    Metric(String unit, int decimals) {
        this.unit = unit;
        this.decimals = decimals;
    }

    /** The heading of a column. */
    public String unit() {
        return unit;
    }

    public int decimals() {
        return decimals;
    }
}
