package io.sallyport.relay.kernel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one event loop, lent while bytes are under way. There are only so many, and an
 * ordinary user of Linux may have fewer: who gets none copies.
 */
final class Pipes {
    /** So many pipes of this size, in bytes. */
    record Share(int pipes, int bytes) {}

    /**
     * Large pipes cost the least CPU, but all that an ordinary user has may hold 64 MiB
     * (fs.pipe-user-pages-soft): so the first are large, and the more are in use, the smaller are
     * the next. 28 MiB for each loop.
     */
    static final List<Share> SHARES =
            List.of(
                    new Share(16, 1024 * 1024),
                    new Share(32, 256 * 1024),
                    new Share(64, 64 * 1024));

    /** A pipe that the kernel gives no more than this, in bytes, costs more than copying. */
    private static final int USEFUL_BYTES_MIN = 64 * 1024;

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final SystemCalls calls = new SystemCalls();
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>();
    private final List<Share> shares;
    private int made;
    private long refusedNanos;
    private boolean refused;

    Pipes(List<Share> shares) {
        this.shares = shares;
    }

    SystemCalls calls() {
        return calls;
    }

    /** Whether there would be a pipe, as far as can be told without making one. */
    boolean canLend() {
        return !idle.isEmpty() || mayMake();
    }

    private boolean mayMake() {
        return nextBytes() != 0 && !(refused && System.nanoTime() - refusedNanos < RETRY_NANOS);
    }

    private int nextBytes() {
        int passed = 0;
        for (Share share : shares) {
            passed += share.pipes();
            if (made < passed) {
                return share.bytes();
            }
        }
        return 0;
    }

    /** An empty pipe; null if there is none to be had now. */
    @Nullable Pipe borrow() {
        Pipe pipe = idle.pollFirst();
        if (pipe != null || !mayMake()) {
            return pipe;
        }
        Pipe fresh = make(nextBytes());
        refused = fresh == null;
        if (refused) {
            refusedNanos = System.nanoTime();
        } else {
            made++;
        }
        return fresh;
    }

    private @Nullable Pipe make(int bytes) {
        int[] ends = calls.pipe();
        if (ends.length == 0) {
            return null;
        }
        int capacity = calls.resizePipe(ends[1], bytes);
        var pipe = new Pipe(calls, ends[0], ends[1], capacity);
        if (capacity < USEFUL_BYTES_MIN) {
            pipe.close();
            return null;
        }
        return pipe;
    }

    /** Takes a pipe back; one that still holds bytes of a session that was lost is closed. */
    void giveBack(Pipe pipe) {
        if (!pipe.isEmpty()) {
            made--;
            pipe.close();
        } else if (pipe.capacity() > shares.getLast().bytes()) {
            idle.addFirst(pipe);
        } else {
            idle.addLast(pipe);
        }
    }

    void close() {
        idle.forEach(Pipe::close);
        idle.clear();
    }
}
