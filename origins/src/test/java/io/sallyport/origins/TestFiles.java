package io.sallyport.origins;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Contents to transfer, and ways to transfer many at once. */
final class TestFiles {
    static final InetSocketAddress ANY_LOOPBACK_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private TestFiles() {}

    /** The same bytes for the same seed, and different ones for another. */
    static byte[] bytes(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Reads on until the stream ends, in order or not, and says how many bytes came. */
    static long bytesUntilTheEnd(InputStream in) {
        var buffer = new byte[100_000];
        long total = 0;
        try {
            for (int count = 0; count >= 0; count = in.read(buffer)) {
                total += count;
            }
        } catch (IOException _) {
            // A reset is as good an end here as any other.
        }
        return total;
    }

    /**
     * Runs all of them at the same time and waits at most a minute; a failure of one is a failure
     * of all.
     */
    static void inParallel(List<Callable<?>> transfers) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (Callable<?> transfer : transfers) {
                running.add(threads.submit(transfer));
            }
            try {
                for (Future<?> transfer : running) {
                    transfer.get(60, TimeUnit.SECONDS);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
