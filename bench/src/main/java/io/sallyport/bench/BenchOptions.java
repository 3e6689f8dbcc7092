package io.sallyport.bench;

import java.time.Duration;
import java.util.List;

/**
 * What to measure and for how long.
 *
 * @param targets names, or none for all
 * @param tests the beginnings of names, or none for all
 * @param sessions how many idle sessions, one test each
 * @param roundTrips of the network between the two processes, in milliseconds
 */
record BenchOptions(
        List<String> targets,
        List<String> tests,
        int repetitions,
        Duration sample,
        List<Integer> sessions,
        List<Integer> roundTrips) {

    boolean wantsTarget(String name) {
        return targets.isEmpty() || targets.contains(name);
    }

    boolean wantsTest(String name) {
        return tests.isEmpty() || tests.stream().anyMatch(name::startsWith);
    }
}
