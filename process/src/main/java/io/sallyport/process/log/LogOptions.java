package io.sallyport.process.log;

import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** The options of commands that log. */
public final class LogOptions {
    @Option(
            names = "--log-format",
            description = "How log lines are written: text or json (default: text).")
    private LogFormat format = LogFormat.TEXT;

    @Option(
            names = "--log-level",
            description = "The least level to log: debug, info, warn or error (default: info).")
    private Level level = Level.INFO;

    /** Sets up the log of this process. */
    public void apply() {
        Logging.configure(format, level);
    }
}
