package io.sallyport.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a service until it is told to stop. SIGHUP reloads; the first SIGTERM or SIGINT drains, the
 * second ends it at once. The handlers run on threads of their own.
 */
public final class Foreground {
    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

    private final CompletableFuture<Service> service = new CompletableFuture<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private final AtomicInteger stops = new AtomicInteger();

    /**
     * Takes signals from now on, and keeps those that come before the service runs: whoever reads
     * that it is ready may already stop it.
     */
    public Foreground() {
        Signals.on("HUP", () -> start("reload", this::reloadNow));
        Signals.on("TERM", this::stop);
        Signals.on("INT", this::stop);
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    /**
     * Returns when the service has stopped.
     *
     * @param reload may throw an {@link OperatorException} with a sentence for the log
     * @param drain stops the service, and lets it end by itself within the time
     * @throws IllegalStateException if it failed to drain
     */
    public void run(Runnable reload, Consumer<Duration> drain, Duration patience)
            throws InterruptedException {
        service.complete(new Service(reload, drain, patience));
        try {
            over.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("draining failed", failed.getCause());
        }
    }

    private synchronized void reloadNow() {
        if (stops.get() > 0) {
            LOG.atWarn().log("no reload while draining");
            return;
        }
        try {
            service.join().reload().run();
        } catch (OperatorException refused) {
            LOG.atError()
                    .addKeyValue("why", String.valueOf(refused.getMessage()))
                    .log("configuration refused, the old one stays in force");
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("reload failed");
        }
    }

    private void stop() {
        switch (stops.incrementAndGet()) {
            case 1 -> start("drain", this::drainNow);
            default -> {
                LOG.atWarn().log("stopped again while draining, ending now");
                over.complete(false);
            }
        }
    }

    private void drainNow() {
        try {
            service.join().drain();
            over.complete(true);
        } catch (RuntimeException failed) {
            LOG.atError().setCause(failed).log("draining failed");
            over.completeExceptionally(failed);
        }
    }

    private record Service(Runnable reload, Consumer<Duration> draining, Duration patience) {
        void drain() {
            draining.accept(patience);
        }
    }
}
