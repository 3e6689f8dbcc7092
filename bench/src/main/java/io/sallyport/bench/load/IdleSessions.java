package io.sallyport.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Sessions that have each carried one byte there and back, and then wait. */
public final class IdleSessions implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final InetSocketAddress address;
    private final Collection<SocketChannel> connections = new ConcurrentLinkedQueue<>();

    public IdleSessions(int port) {
        address = new InetSocketAddress(Origin.LOCAL, port);
    }

    public int count() {
        return connections.size();
    }

    /** Opens more until there are so many, or until one fails or it takes too long. */
    public void growTo(int count) throws InterruptedException {
        var missing = new Semaphore(count - connections.size());
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.submit(() -> {
                    while (System.nanoTime() < endNanos && missing.tryAcquire() && open()) {}
                });
            }
        }
    }

    private boolean open() {
        try {
            var connection = SocketChannel.open(address);
            var one = ByteBuffer.wrap(new byte[] {Origin.ECHO});
            connection.write(one);
            // A socket's own timeout, which a channel's read does not know.
            connection.socket().setSoTimeout((int) PATIENCE.toMillis());
            if (connection.socket().getInputStream().read() < 0) {
                connection.close();
                return false;
            }
            connections.add(connection);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    @Override
    public void close() {
        connections.forEach(Origin::close);
        connections.clear();
    }
}
