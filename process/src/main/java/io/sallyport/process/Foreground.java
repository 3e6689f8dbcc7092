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

    private final Runnable reload;
    private final Consumer<Duration> drain;
    private final Duration patience;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private final AtomicInteger stops = new AtomicInteger();

    /**
     * Follows signals from now on.
     *
     * @param reload may throw an {@link OperatorException} with a sentence for the log
     * @param drain stops the service, and lets it end by itself within the time
     */
    public Foreground(Runnable reload, Consumer<Duration> drain, Duration patience) {
        this.reload = reload;
        this.drain = drain;
        this.patience = patience;
        Signals.on("HUP", () -> Thread.ofPlatform().name("reload").start(this::reloadNow));
        Signals.on("TERM", this::stop);
        Signals.on("INT", this::stop);
    }

    /**
     * Returns when the service has stopped.
     *
     * @throws IllegalStateException if it failed to drain
     */
    public void run() throws InterruptedException {
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
            reload.run();
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
            case 1 ->
                    Thread.ofPlatform()
                            .name("drain")
                            .start(() -> {
                                try {
                                    drain.accept(patience);
                                    over.complete(true);
                                } catch (RuntimeException failed) {
                                    LOG.atError().setCause(failed).log("draining failed");
                                    over.completeExceptionally(failed);
                                }
                            });
            default -> {
                LOG.atWarn().log("stopped again while draining, ending now");
                over.complete(false);
            }
        }
    }
}
