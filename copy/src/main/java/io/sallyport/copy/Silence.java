package io.sallyport.copy;

import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.Remote;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Aborts a server's connections when no byte has moved for too long. */
final class Silence implements AutoCloseable {
    private final Remote remote;
    private final Duration patience;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long lastMoved = System.nanoTime();
    private volatile boolean broken;

    /** Something that is done with a server. */
    interface Work {
        void run() throws IOException;
    }

    private Silence(Remote remote, Duration patience) {
        this.remote = remote;
        this.patience = patience;
        Thread.ofVirtual().name("silence").start(this::watch);
    }

    static Silence over(Remote remote, Duration patience) {
        return new Silence(remote, patience);
    }

    void moved() {
        lastMoved = System.nanoTime();
    }

    /** Does it, and says so if it failed because of the silence. */
    void watched(Work work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException failure) {
            if (broken) {
                throw new CopyException(
                        CopyException.Kind.FAILED,
                        "nothing moved for " + patience.toSeconds() + " s",
                        failure);
            }
            throw failure;
        }
    }

    private void watch() {
        try {
            while (!over.await(patience.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - lastMoved > patience.toNanos()) {
                    broken = true;
                    remote.abort();
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
