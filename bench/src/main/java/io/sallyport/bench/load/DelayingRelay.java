package io.sallyport.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network with a round trip between two processes: each byte arrives half of it later, and a new
 * connection costs a whole one before its first byte is on its way. It does not slow down for loss
 * or congestion. In each direction of a connection some MiB may be on their way, twice as many as
 * Linux by default lets a socket send ahead.
 */
public final class DelayingRelay implements AutoCloseable {
    private static final int ON_THE_WAY_MAX = 8 << 20;
    private static final int READ_BYTES_MIN = 4 << 10;
    private static final int READ_BYTES_MAX = 128 << 10;

    private final ServerSocketChannel listener;
    private final InetSocketAddress target;
    private final long oneWayNanos;
    private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();

    private DelayingRelay(ServerSocketChannel listener, int port, Duration roundTrip) {
        this.listener = listener;
        this.target = new InetSocketAddress(Origin.LOCAL, port);
        this.oneWayNanos = roundTrip.toNanos() / 2;
    }

    /** Listens on a free port and leads to another one, behind a round trip of this time. */
    public static DelayingRelay to(int port, Duration roundTrip) {
        try {
            var listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(Origin.LOCAL, 0), 4096);
            var relay = new DelayingRelay(listener, port, roundTrip);
            Thread.ofVirtual().name("delay").start(relay::accept);
            return relay;
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel one = listener.accept();
                open.add(one);
                Thread.ofVirtual().start(() -> connect(one, System.nanoTime()));
            }
        } catch (IOException closed) {
            // The measurement is over.
        }
    }

    private void connect(SocketChannel from, long acceptedNanos) {
        // A real connection would be known to its opener only after a round trip.
        sleepUntil(acceptedNanos + oneWayNanos);
        try {
            SocketChannel to = SocketChannel.open();
            open.add(to);
            to.connect(target);
            from.setOption(StandardSocketOptions.TCP_NODELAY, true);
            to.setOption(StandardSocketOptions.TCP_NODELAY, true);
            long opened = acceptedNanos + 3 * oneWayNanos;
            var there = new Direction(from, to, opened);
            var back = new Direction(to, from, acceptedNanos);
            var reader = Thread.ofVirtual().start(there::read);
            var writer = Thread.ofVirtual().start(there::write);
            Thread.ofVirtual().start(back::read);
            back.write();
            writer.join();
            reader.join();
            Origin.close(from);
            Origin.close(to);
            open.remove(to);
        } catch (IOException refused) {
            reset(from);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        open.remove(from);
    }

    private static void sleepUntil(long nanos) {
        for (long now = System.nanoTime(); now < nanos; now = System.nanoTime()) {
            LockSupport.parkNanos(nanos - now);
        }
    }

    private static void reset(SocketChannel connection) {
        try (connection) {
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            // Gone, as it should be.
        }
    }

    @Override
    public void close() {
        Origin.close(listener);
        open.forEach(DelayingRelay::reset);
    }

    /** What is on its way in one direction. Bytes, the end and a reset keep their order. */
    private final class Direction {
        private final SocketChannel from;
        private final SocketChannel to;
        private final long earliestNanos;
        private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private int onTheWay;
        private boolean over;

        Direction(SocketChannel from, SocketChannel to, long earliestNanos) {
            this.from = from;
            this.to = to;
            this.earliestNanos = earliestNanos;
        }

        void read() {
            // Grows with what comes: most connections of a run carry a few bytes.
            var bytes = ByteBuffer.allocate(READ_BYTES_MIN);
            Kind kind = Kind.BYTES;
            while (kind == Kind.BYTES) {
                try {
                    if (from.read(bytes.clear()) < 0) {
                        kind = Kind.END;
                    }
                } catch (IOException lost) {
                    kind = Kind.RESET;
                }
                var copy = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), bytes.position()));
                long due = Math.max(System.nanoTime() + oneWayNanos, earliestNanos);
                put(new Parcel(kind, copy, due));
                if (!bytes.hasRemaining() && bytes.capacity() < READ_BYTES_MAX) {
                    bytes = ByteBuffer.allocate(2 * bytes.capacity());
                }
            }
        }

        void write() {
            boolean more = true;
            while (more) {
                Parcel parcel = take();
                sleepUntil(parcel.dueNanos);
                more = deliver(parcel);
            }
            lock.lock();
            try {
                over = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private boolean deliver(Parcel parcel) {
            try {
                switch (parcel.kind) {
                    case BYTES -> {
                        while (parcel.bytes.hasRemaining()) {
                            to.write(parcel.bytes);
                        }
                        return true;
                    }
                    case END -> to.shutdownOutput();
                    case RESET -> reset(to);
                }
            } catch (IOException lost) {
                reset(from);
            }
            return false;
        }

        private void put(Parcel parcel) {
            lock.lock();
            try {
                while (onTheWay > ON_THE_WAY_MAX && !over) {
                    changed.awaitUninterruptibly();
                }
                onTheWay += parcel.bytes.limit();
                parcels.add(parcel);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private Parcel take() {
            lock.lock();
            try {
                Parcel next = parcels.poll();
                while (next == null) {
                    changed.awaitUninterruptibly();
                    next = parcels.poll();
                }
                onTheWay -= next.bytes.limit();
                changed.signalAll();
                return next;
            } finally {
                lock.unlock();
            }
        }
    }

    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Parcel(Kind kind, ByteBuffer bytes, long dueNanos) {}
}
