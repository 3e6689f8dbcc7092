package io.sallyport.process.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of this process: to standard error, so that standard output is left to the
 * results of commands.
 */
public final class Logging {
    /**
     * Lines that may wait for a slow terminal. Beyond it they are dropped: no log is worth a
     * session that stands still.
     */
    private static final int WAITING_LINES_MAX = 8192;

    private static final int FLUSH_MILLIS_AT_END = 2000;

    private Logging() {}

    /** Replaces whatever logging there is. */
    public static void configure(LogFormat format, org.slf4j.event.Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();

        var layout = new EventLayout(format);
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        // The event loops write here: they must never wait for a terminal that does not read.
        var queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(WAITING_LINES_MAX);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MILLIS_AT_END);
        queue.addAppender(console);
        queue.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(queue);
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
