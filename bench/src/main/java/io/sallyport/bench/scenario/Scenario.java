package io.sallyport.bench.scenario;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Something that is measured of every target. */
public interface Scenario {
    /** As in options and reports; what is before the first dash is the group. */
    String name();

    /** What is measured, in half a line. */
    String description();

    /** The metrics that it gives, the leading one first. */
    List<Metric> metrics();

    /** Whether it also makes sense with a slow network between the two processes. */
    boolean isForSlowNetworks();

    /**
     * How often it is measured within a repetition. What hangs on chance, as the slowest of a
     * hundred sessions do, has to be seen more often.
     */
    default int passes() {
        return 1;
    }

    /** Measures once. Metrics that a target has not are left out. */
    Map<Metric, Double> measure(Subject subject) throws IOException, InterruptedException;

    /** All of them, in the order of the report. */
    static List<Scenario> all(List<Integer> sessions) {
        return Stream.concat(
                        Stream.of(
                                BulkScenario.up(1),
                                BulkScenario.down(1),
                                BulkScenario.up(8),
                                BulkScenario.down(8),
                                new SessionScenario(1),
                                new SessionScenario(8),
                                new HttpScenario(true),
                                new HttpScenario(false),
                                new StartScenario()),
                        sessions.stream().map(MemoryScenario::new))
                .toList();
    }
}
