package io.sallyport.process.log;

import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The options of commands that log: a mixin, or added to a command that is built by methods. */
public final class LogOptions {
    private static final String FORMAT = "--log-format";
    private static final String FORMAT_IS =
            "How log lines are written: text or json (default: text).";
    private static final String LEVEL = "--log-level";
    private static final String LEVEL_IS =
            "The least level to log: debug, info, warn or error (default: info).";

    @Option(names = FORMAT, description = FORMAT_IS)
    private LogFormat format = LogFormat.TEXT;

    @Option(names = LEVEL, description = LEVEL_IS)
    private Level level = Level.INFO;

    /** Sets up the log of this process. */
    public void apply() {
        Logging.configure(format, level);
    }

    /** Adds them to a command. */
    public static void addTo(CommandSpec command) {
        command.addOption(
                OptionSpec.builder(FORMAT)
                        .type(LogFormat.class)
                        .initialValue(LogFormat.TEXT)
                        .paramLabel("<format>")
                        .description(FORMAT_IS)
                        .build());
        command.addOption(
                OptionSpec.builder(LEVEL)
                        .type(Level.class)
                        .initialValue(Level.INFO)
                        .paramLabel("<level>")
                        .description(LEVEL_IS)
                        .build());
    }

    /** Sets up the log of this process, as the command that they were added to was told. */
    public static void apply(CommandSpec command) {
        Logging.configure(
                command.findOption(FORMAT).getValue(), command.findOption(LEVEL).getValue());
    }
}
