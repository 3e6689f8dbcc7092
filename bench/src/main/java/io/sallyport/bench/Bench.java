package io.sallyport.bench;

import io.sallyport.bench.load.Bulk;
import io.sallyport.bench.load.FirstByte;
import io.sallyport.bench.load.Origin;
import io.sallyport.bench.load.Requests;
import io.sallyport.bench.load.Requests.Exchange;
import io.sallyport.bench.measure.Machine;
import io.sallyport.bench.report.Run;
import io.sallyport.bench.report.Sample;
import io.sallyport.bench.report.Samples;
import io.sallyport.bench.scenario.Scenario;
import io.sallyport.bench.scenario.Subject;
import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Target;
import io.sallyport.bench.target.Workplace;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Runs all tests against all targets: in each repetition every test with every target, in random
 * order, so that what changes on the machine meanwhile meets all alike.
 */
final class Bench {
    private final BenchOptions options;
    private final List<Target> targets;
    private final List<Scenario> scenarios;
    private final Workplace workplace;
    private final PrintWriter progress;
    private final List<Sample> samples = new ArrayList<>();
    private final Set<String> failures = new LinkedHashSet<>();

    Bench(
            BenchOptions options,
            List<Target> targets,
            List<Scenario> scenarios,
            Workplace workplace,
            PrintWriter progress) {
        this.options = options;
        this.targets = new ArrayList<>(targets);
        this.scenarios = scenarios;
        this.workplace = workplace;
        this.progress = progress;
    }

    Run run(String command) throws InterruptedException {
        Instant began = Instant.now();
        targets.removeIf(target -> {
            target.missing().ifPresent(why -> fail(target.name(), why));
            return target.missing().isPresent();
        });
        try (Origin origin = Origin.start()) {
            for (int roundTrip : options.roundTrips()) {
                measureAll(origin, roundTrip);
            }
        }
        return new Run(
                began,
                command,
                Machine.description(),
                targets,
                scenarios,
                options.roundTrips(),
                new Samples(samples),
                List.copyOf(failures));
    }

    private void measureAll(Origin origin, int roundTrip) throws InterruptedException {
        List<Scenario> suitable =
                scenarios.stream()
                        .filter(scenario -> roundTrip == 0 || scenario.isForSlowNetworks())
                        .toList();
        Map<Target, Chain> chains = new LinkedHashMap<>();
        try {
            for (Target target : targets) {
                start(target, origin, roundTrip, chains);
            }
            for (int repetition = 1; repetition <= options.repetitions(); repetition++) {
                for (Turn turn : shuffled(turns(suitable, roundTrip, repetition))) {
                    for (var running : shuffled(List.copyOf(chains.entrySet()))) {
                        measure(turn, running.getKey(), running.getValue(), origin);
                    }
                }
            }
        } finally {
            chains.values().forEach(Chain::close);
        }
    }

    /** A test when all targets take it, one after the other: of all its turns which one. */
    private record Turn(Scenario scenario, int roundTripMillis, int number, int count) {}

    private List<Turn> turns(List<Scenario> suitable, int roundTripMillis, int repetition) {
        List<Turn> turns = new ArrayList<>();
        for (Scenario scenario : suitable) {
            // A slow network makes tails of its own, and a single look is to be a short one.
            boolean often = roundTripMillis == 0 && options.repetitions() > 1;
            int passes = often ? scenario.passes() : 1;
            for (int pass = 1; pass <= passes; pass++) {
                turns.add(
                        new Turn(
                                scenario,
                                roundTripMillis,
                                (repetition - 1) * passes + pass,
                                options.repetitions() * passes));
            }
        }
        return turns;
    }

    private static <T> List<T> shuffled(List<T> things) {
        List<T> order = new ArrayList<>(things);
        Collections.shuffle(order, RandomGenerator.getDefault());
        return order;
    }

    private void start(Target target, Origin origin, int roundTripMillis, Map<Target, Chain> chains)
            throws InterruptedException {
        if (roundTripMillis > 0 && target.name().equals("direct")) {
            return;
        }
        tell("starting " + target.name());
        try {
            Chain chain =
                    target.start(
                            workplace.newDirectory(),
                            origin.port(),
                            Duration.ofMillis(roundTripMillis));
            chains.put(target, chain);
            warmUp(chain, origin);
        } catch (IOException | RuntimeException failed) {
            fail(target.name(), failed);
            Chain chain = chains.remove(target);
            if (chain != null) {
                chain.close();
            }
        }
    }

    /**
     * Of all alike, though only a JVM needs it: it compiles what it finds itself doing often, and
     * throws away what does not fit when it is to do something else. So each load comes twice.
     */
    private void warmUp(Chain chain, Origin origin) throws IOException, InterruptedException {
        FirstByte.await(chain.port());
        for (int round = 0; round < 2; round++) {
            // Measured: a session takes a third of the CPU once this has been compiled, and for
            // twenty seconds the compiler takes a core from it for some milliseconds now and then.
            var sessions = new Requests(chain.port(), Exchange.SESSION);
            var full = sessions.concurrently(8, options.sample().multipliedBy(3));
            // Half load is another one: loops sleep in between.
            sessions.atRate(Math.max(1, full.perSecond() / 2), options.sample().multipliedBy(2));
            for (Exchange kind : List.of(Exchange.HTTP_KEEP_ALIVE, Exchange.HTTP_CLOSE)) {
                new Requests(chain.port(), kind).concurrently(8, options.sample());
            }
            for (Bulk.Direction direction : Bulk.Direction.values()) {
                try (var _ = Bulk.start(chain.port(), origin, 8, direction)) {
                    Thread.sleep(options.sample().multipliedBy(2));
                }
            }
        }
    }

    private void measure(Turn turn, Target target, Chain chain, Origin origin)
            throws InterruptedException {
        Scenario scenario = turn.scenario();
        var watch = new Machine.Watch();
        try {
            var values =
                    scenario.measure(
                            new Subject(
                                    target,
                                    chain,
                                    origin,
                                    options.sample(),
                                    workplace::newDirectory));
            var sample =
                    new Sample(
                            turn.roundTripMillis(),
                            scenario.name(),
                            target.name(),
                            turn.number(),
                            values,
                            watch.noise());
            samples.add(sample);
            tell(line(turn, sample));
        } catch (IOException | RuntimeException failed) {
            fail(scenario.name() + " of " + target.name(), failed);
        }
    }

    private static String line(Turn turn, Sample sample) {
        var leading = turn.scenario().metrics().getFirst();
        return String.format(
                Locale.ROOT,
                "%d/%d %3d ms %-16s %-14s %,.2f %s%s",
                turn.number(),
                turn.count(),
                sample.roundTripMillis(),
                sample.test(),
                sample.target(),
                sample.values().getOrDefault(leading, Double.NaN),
                leading.unit(),
                sample.noise().isLoud() ? " (loud)" : "");
    }

    private void fail(String what, Exception why) {
        fail(what, String.valueOf(why.getMessage()));
    }

    private void fail(String what, String why) {
        failures.add(what + ": " + why);
        tell(what + ": " + why);
    }

    private void tell(String line) {
        progress.println(line);
        progress.flush();
    }
}
