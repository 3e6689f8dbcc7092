package io.sallyport.process;

import io.sallyport.process.log.LogFormat;
import io.sallyport.process.log.Logging;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;

/** A process of its own, which says on standard output what it is told to do. */
final class ForegroundProgram {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private ForegroundProgram() {}

    /**
     * @param arguments whether a reload is {@code good}, {@code faulty} or {@code broken}, and
     *     whether a drain is {@code quick}, {@code endless} or {@code broken}; a third one has it
     *     start only when a byte comes
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logging.configure(LogFormat.TEXT, Level.INFO);
        var foreground = new Foreground();
        int exitCode = 0;
        try {
            System.out.println("begun");
            if (arguments.length > 2) {
                System.in.read();
            }
            foreground.run(
                    () -> reload(arguments[0]),
                    patience -> drain(arguments[1], patience),
                    Duration.ofSeconds(30));
        } catch (IllegalStateException failed) {
            exitCode = 1;
        } finally {
            Logging.flush();
        }
        System.exit(exitCode);
    }

    private static void reload(String how) {
        System.out.println("reload");
        switch (how) {
            case "faulty" -> throw new OperatorException("agent.yaml:1: is faulty");
            case "broken" -> throw new IllegalArgumentException("our own fault");
            default -> System.out.println("reloaded");
        }
    }

    private static void drain(String how, Duration patience) {
        System.out.println("drain " + patience.toSeconds());
        switch (how) {
            case "endless" -> waitFor(patience);
            case "broken" -> throw new IllegalArgumentException("our own fault");
            default -> System.out.println("drained");
        }
    }

    private static void waitFor(Duration patience) {
        try {
            if (!NEVER.await(patience.toSeconds(), TimeUnit.SECONDS)) {
                System.out.println("patience is over");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
