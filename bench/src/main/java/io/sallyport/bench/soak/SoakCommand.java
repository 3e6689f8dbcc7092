package io.sallyport.bench.soak;

import io.sallyport.bench.target.Identity;
import io.sallyport.bench.target.Sallyport;
import io.sallyport.bench.target.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run soak}. */
@Command(
        name = "soak",
        description =
                "Lets Sallyport work under mixed sessions and restarts; fails if a byte is wrong,"
                        + " or if it holds more afterwards than before.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SoakCommand implements Callable<Integer> {
    @Option(
            names = "--minutes",
            description =
                    "How long, for each kind of data channel half (default: ${DEFAULT-VALUE}).")
    private double minutes = 30;

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            description = "How long it rests before it is looked at (default: ${DEFAULT-VALUE}).")
    private int settleSeconds = 150;

    @Spec private CommandSpec spec;

    private final Path root;

    /**
     * @param root where the product is
     */
    public SoakCommand(Path root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var workplace = Workplace.make()) {
            var identity = Identity.make(root, workplace.path("identity"));
            var half = Duration.ofMillis((long) (minutes * 30_000));
            for (String encryption : List.of("always", "auto")) {
                var product = new Sallyport(root, encryption, identity);
                var soak = new Soak(product, workplace.newDirectory(), spec.commandLine().getErr());
                List<String> faults = soak.run(half, Duration.ofSeconds(settleSeconds));
                if (!faults.isEmpty()) {
                    faults.forEach(fault ->
                            spec.commandLine().getErr().println(product.name() + ": " + fault));
                    return 1;
                }
            }
        }
        return 0;
    }
}
