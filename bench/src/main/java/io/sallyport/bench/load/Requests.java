package io.sallyport.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks through a port for short answers, over and over: connect, ask, take the answer, and begin
 * again. One thread drives all connections.
 */
public final class Requests {
    /** How long answers may take that are on their way when the time is over. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** A chain that fails so often is broken. */
    private static final int FAILURES_MAX = 500;

    private final InetSocketAddress address;
    private final Exchange kind;

    /**
     * What is asked, and what ends an exchange.
     *
     * @param answerBytes how long the answer is
     * @param keepAlive whether the next exchange uses the same connection
     */
    public record Exchange(ByteBuffer request, int answerBytes, boolean keepAlive) {
        /** A session of one byte there and back: the connection and its first byte are timed. */
        public static final Exchange SESSION =
                new Exchange(ByteBuffer.wrap(new byte[] {Origin.ECHO}), 1, false);

        public static final Exchange HTTP_KEEP_ALIVE =
                new Exchange(Origin.REQUEST, Origin.ANSWER.limit(), true);
        public static final Exchange HTTP_CLOSE =
                new Exchange(Origin.LAST_REQUEST, Origin.ANSWER.limit(), false);
    }

    /**
     * What came of it.
     *
     * @param failures exchanges that broke off or were not answered in time
     */
    public record Outcome(double perSecond, Latencies latencies, int failures) {}

    public Requests(int port, Exchange kind) {
        this.address = new InetSocketAddress(Origin.LOCAL, port);
        this.kind = kind;
    }

    /** So many at a time: the next begins when one is done. */
    public Outcome concurrently(int count, Duration time) throws IOException {
        try (var run = new Run(time)) {
            for (int i = 0; i < count; i++) {
                run.begin(System.nanoTime());
            }
            return run.untilOver(true);
        }
    }

    /**
     * So many per second, whether answers come or not; each is timed from the moment when it was
     * due, so that what waits for a slow one counts as slow, too.
     *
     * @param perSecond more than 0
     */
    public Outcome atRate(double perSecond, Duration time) throws IOException {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException(perSecond + " per second");
        }
        try (var run = new Run(time)) {
            Thread.ofPlatform().daemon().name("pace").start(() -> run.pace(perSecond));
            return run.untilOver(false);
        }
    }

    private final class Run implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final Latencies latencies = new Latencies();
        private final ConcurrentLinkedQueue<Long> due = new ConcurrentLinkedQueue<>();
        private final ByteBuffer answer = ByteBuffer.allocateDirect(16 << 10);
        private final long beganNanos = System.nanoTime();
        private final long endNanos;
        private boolean again;
        private int active;
        private int failures;

        Run(Duration time) throws IOException {
            endNanos = beganNanos + time.toNanos();
        }

        void pace(double perSecond) {
            for (long number = 0; ; number++) {
                long at = beganNanos + (long) (number / perSecond * 1e9);
                if (at >= endNanos) {
                    return;
                }
                for (long now = System.nanoTime(); now < at; now = System.nanoTime()) {
                    LockSupport.parkNanos(at - now);
                }
                due.add(at);
                selector.wakeup();
            }
        }

        Outcome untilOver(boolean again) throws IOException {
            this.again = again;
            while (System.nanoTime() < endNanos && failures < FAILURES_MAX) {
                for (Long at = due.poll(); at != null; at = due.poll()) {
                    begin(at);
                }
                selector.select(this::proceed, 20);
            }
            int inTime = latencies.count();
            double seconds = (System.nanoTime() - beganNanos) / 1e9;
            this.again = false;
            long graceEnd = System.nanoTime() + GRACE.toNanos();
            while (active > 0 && System.nanoTime() < graceEnd) {
                selector.select(this::proceed, 20);
            }
            return new Outcome(inTime / seconds, latencies, failures + active);
        }

        void begin(long beganNanos) {
            try {
                var connection = SocketChannel.open();
                connection
                        .setOption(StandardSocketOptions.TCP_NODELAY, true)
                        .configureBlocking(false);
                var one = new One(connection, beganNanos);
                active++;
                if (connection.connect(address)) {
                    connection.register(selector, SelectionKey.OP_READ, one);
                    ask(one);
                } else {
                    connection.register(selector, SelectionKey.OP_CONNECT, one);
                }
            } catch (IOException refused) {
                failures++;
            }
        }

        private void ask(One one) throws IOException {
            // Fits into the socket's buffer, which is empty.
            one.connection.write(kind.request().duplicate());
        }

        private void proceed(SelectionKey key) {
            var one = (One) key.attachment();
            try {
                if (key.isConnectable()) {
                    one.connection.finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    ask(one);
                    return;
                }
                int count = one.connection.read(answer.clear());
                if (count < 0) {
                    throw new IOException("closed before the answer was whole");
                }
                one.received += count;
                if (one.received >= kind.answerBytes()) {
                    done(one);
                }
            } catch (IOException broken) {
                failures++;
                end(one);
            }
        }

        private void done(One one) throws IOException {
            latencies.add(System.nanoTime() - one.beganNanos);
            if (kind.keepAlive() && again) {
                one.received = 0;
                one.beganNanos = System.nanoTime();
                ask(one);
            } else {
                end(one);
            }
        }

        private void end(One one) {
            Origin.close(one.connection);
            active--;
            if (again) {
                begin(System.nanoTime());
            }
        }

        @Override
        public void close() throws IOException {
            selector.keys().forEach(key -> Origin.close(key.channel()));
            selector.close();
        }
    }

    private static final class One {
        private final SocketChannel connection;
        private long beganNanos;
        private int received;

        One(SocketChannel connection, long beganNanos) {
            this.connection = connection;
            this.beganNanos = beganNanos;
        }
    }
}
