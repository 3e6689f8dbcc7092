package io.sallyport.process.command;

import io.sallyport.process.log.LogOptions;
import io.sallyport.process.log.Logging;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command that runs until it is told to stop: {@code gateway} or {@code agent}. */
public final class DaemonCommand {
    private static final String FILE = "-c";
    private static final String DRAIN = "--drain";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What it runs. */
    @FunctionalInterface
    public interface Daemon {
        /**
         * Returns when it was told to stop, and has.
         *
         * @param file its configuration
         * @param log sets up the log; to be called when the configuration has been read
         * @param patience how long sessions may go on after SIGTERM
         */
        void run(Path file, Runnable log, Duration patience) throws Exception;
    }

    private DaemonCommand() {}

    /**
     * @param what it runs, as {@code a gateway}
     * @param file the usual name of its configuration
     */
    public static CommandSpec of(String name, String what, String file, Daemon daemon) {
        String description =
                "Runs %s. SIGHUP reloads its configuration, SIGTERM drains, a second SIGTERM ends it now."
                        .formatted(what);
        CommandSpec command = BuiltCommand.of(name, description, parsed -> run(daemon, parsed));
        command.addOption(
                OptionSpec.builder(FILE)
                        .required(true)
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description(file)
                        .build());
        command.addOption(
                OptionSpec.builder(DRAIN)
                        .type(Duration.class)
                        .converters(new DurationConverter())
                        .initialValue(PATIENCE)
                        .paramLabel("TIME")
                        .description("How long sessions may go on after SIGTERM (default: 30s).")
                        .build());
        LogOptions.addTo(command);
        return command;
    }

    private static int run(Daemon daemon, CommandSpec parsed) throws Exception {
        try {
            daemon.run(
                    parsed.findOption(FILE).getValue(),
                    () -> LogOptions.apply(parsed),
                    parsed.findOption(DRAIN).getValue());
        } finally {
            Logging.flush();
        }
        return ExitCode.OK;
    }
}
