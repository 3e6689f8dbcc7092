package io.sallyport.bench;

import io.sallyport.bench.report.Chart;
import io.sallyport.bench.report.Json;
import io.sallyport.bench.report.Markdown;
import io.sallyport.bench.report.Run;
import io.sallyport.bench.scenario.Scenario;
import io.sallyport.bench.soak.SoakCommand;
import io.sallyport.bench.target.Identity;
import io.sallyport.bench.target.Target;
import io.sallyport.bench.target.Targets;
import io.sallyport.bench.target.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench/run}. */
@Command(
        name = "bench/run",
        description = "Measures Sallyport and its peers in one run; writes bench/target/bench.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Main implements Callable<Integer> {
    /** What is below it in docs/performance.md is a report. */
    private static final String MARK = "<!-- Below is what bench/run --docs wrote. -->";

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "NAME",
            description = "Which targets (default: all that are here).")
    private List<String> targets = List.of();

    @Option(
            names = "--tests",
            split = ",",
            paramLabel = "NAME",
            description = "Which tests: names or their beginnings, as bulk (default: all).")
    private List<String> tests = List.of();

    @Option(names = "--repetitions", description = "How often (default: ${DEFAULT-VALUE}).")
    private int repetitions = 5;

    @Option(names = "--seconds", description = "How long a sample is (default: ${DEFAULT-VALUE}).")
    private double seconds = 2;

    @Option(
            names = "--sessions",
            split = ",",
            paramLabel = "COUNT",
            description = "How many idle sessions (default: 1000,10000).")
    private List<Integer> sessions = List.of(1_000, 10_000);

    @Option(
            names = "--round-trips",
            split = ",",
            paramLabel = "MS",
            description = "Of the network between the two processes (default: 0,20,80).")
    private List<Integer> roundTrips = List.of(0, 20, 80);

    @Option(
            names = "--quick",
            description = "A look of three minutes: one short repetition, 1000 sessions, 20 ms.")
    private boolean quick;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where the report goes (default: bench/target/bench).")
    private Path reportTo = root().resolve("bench/target/bench");

    @Option(names = "--docs", description = "Put the report into docs/performance.md, too.")
    private boolean docs;

    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .addSubcommand(new SoakCommand(root()))
                .setExecutionExceptionHandler((failure, line, _) -> {
                    line.getErr().println("bench: " + failure.getMessage());
                    return 1;
                });
    }

    /** Where the product is: bench/run says it. */
    static Path root() {
        return Path.of(System.getProperty("sallyport.root", "."));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (quick) {
            repetitions = 1;
            seconds = 1;
            sessions = List.of(1_000);
            roundTrips = List.of(0, 20);
        }
        var options =
                new BenchOptions(
                        targets,
                        tests,
                        repetitions,
                        Duration.ofMillis((long) (seconds * 1000)),
                        sessions,
                        roundTrips);
        try (var workplace = Workplace.make()) {
            var identity = Identity.make(root(), workplace.path("identity"));
            List<Target> wantedTargets =
                    Targets.all(root(), identity).stream()
                            .filter(target -> options.wantsTarget(target.name()))
                            .toList();
            List<Scenario> wantedTests =
                    Scenario.all(sessions).stream()
                            .filter(test -> options.wantsTest(test.name()))
                            .toList();
            if (wantedTargets.isEmpty() || wantedTests.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no such target or test. Targets: "
                                + names(Targets.all(root(), identity).stream().map(Target::name))
                                + "; tests: "
                                + names(Scenario.all(sessions).stream().map(Scenario::name)));
            }
            Run run =
                    new Bench(
                                    options,
                                    wantedTargets,
                                    wantedTests,
                                    workplace,
                                    spec.commandLine().getErr())
                            .run(command());
            write(run);
            return run.samples().all().isEmpty() ? 1 : 0;
        }
    }

    private static String names(Stream<String> names) {
        return names.collect(Collectors.joining(", "));
    }

    private String command() {
        return String.join(
                " ",
                Stream.concat(
                                Stream.of("bench/run"),
                                spec.commandLine().getParseResult().originalArgs().stream())
                        .toList());
    }

    private void write(Run run) throws IOException {
        Files.createDirectories(reportTo);
        String page = Markdown.of(run);
        Files.writeString(reportTo.resolve("report.json"), Json.of(run));
        Files.writeString(reportTo.resolve("report.svg"), Chart.of(run));
        Files.writeString(reportTo.resolve("report.md"), page);
        if (docs) {
            Path document = root().resolve("docs/performance.md");
            String before = Files.readString(document);
            String head = before.substring(0, before.indexOf(MARK) + MARK.length());
            Files.writeString(document, head + "\n\n![chart](performance.svg)\n\n" + page);
            Files.writeString(root().resolve("docs/performance.svg"), Chart.of(run));
        }
        spec.commandLine().getOut().println(reportTo.resolve("report.md"));
    }
}
