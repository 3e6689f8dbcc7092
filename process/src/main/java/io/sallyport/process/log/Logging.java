package io.sallyport.process.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of this process: to standard error, so that standard output is left to the
 * results of commands.
 */
public final class Logging {
    /**
     * Lines that may wait for a slow terminal: 10,000 sessions may end at once. Beyond it they are
     * dropped: no log is worth a session that stands still.
     */
    private static final int WAITING_LINES_MAX = 16_384;

    /**
     * How long lines gather: a busy process has dozens by then, and what they cost at once holds no
     * session up.
     */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Logging() {}

    /** Replaces whatever logging there is. */
    public static void configure(LogFormat format, org.slf4j.event.Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();

        var layout = new EventLayout(format);
        // The event loops write here: they must never wait for a terminal that does not read.
        var lines = new BatchAppender(layout::write, System.err, WAITING_LINES_MAX, PAUSE);
        lines.setContext(context);
        lines.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(lines);
        context.getLogger("io.sallyport").setLevel(Level.convertAnSLF4JLevel(level));
    }

    /** No log at all, for commands that tell their user everything themselves. */
    public static void none() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    /** Writes what is waiting. To be called last. */
    public static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
