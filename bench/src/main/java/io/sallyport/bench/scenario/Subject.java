package io.sallyport.bench.scenario;

import io.sallyport.bench.load.Origin;
import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a scenario works on.
 *
 * @param chain the target as it runs, warm
 * @param sample how long to measure
 * @param directories gives an empty directory for each chain that a scenario starts by itself
 */
public record Subject(
        Target target, Chain chain, Origin origin, Duration sample, Supplier<Path> directories) {}
