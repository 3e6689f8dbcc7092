package io.sallyport.bench.report;

import io.sallyport.bench.scenario.Scenario;
import io.sallyport.bench.target.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything about one run.
 *
 * @param command what repeats it
 * @param machine what it ran on, by name
 * @param failures what could not be measured, and why, in sentences
 */
public record Run(
        Instant began,
        String command,
        Map<String, String> machine,
        List<Target> targets,
        List<Scenario> scenarios,
        List<Integer> roundTrips,
        Samples samples,
        List<String> failures) {}
