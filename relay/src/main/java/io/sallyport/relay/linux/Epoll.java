package io.sallyport.relay.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Tells when sockets become ready, each time once (edge-triggered), and can be woken. For one
 * thread, but for {@link #wake}.
 */
public final class Epoll {
    // <sys/epoll.h>
    public static final int IN = 0x1;
    public static final int URGENT = 0x2;
    public static final int OUT = 0x4;
    public static final int ERROR = 0x8;
    public static final int HANGUP = 0x10;
    public static final int PEER_ENDED = 0x2000;
    private static final int EDGE_TRIGGERED = 1 << 31;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;

    // <linux/eventpoll.h>, <linux/eventfd.h>, <linux/fcntl.h>
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;

    /** The key of what wakes; nobody else's. */
    private static final long WAKING = -1;

    private static final int EVENTS_MAX = 512;
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
    private static final long EVENT_BYTES = PACKED ? 12 : 16;
    private static final long KEY_AT = PACKED ? 4 : 8;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final int epoll;
    private final int waking;
    private final MemorySegment events;
    private final MemorySegment interest;
    private final MemorySegment one;
    private boolean closed;

    /**
     * @throws IllegalStateException if the kernel, or what confines this process, refuses
     */
    public Epoll() {
        Arena arena = Arena.ofAuto();
        events = arena.allocate(EVENTS_MAX * EVENT_BYTES, Long.BYTES);
        interest = arena.allocate(EVENT_BYTES, Long.BYTES);
        one = arena.allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        epoll = opened(Kernel.ofThread().call(SystemCall.EPOLL_CREATE1, CLOEXEC, 0, 0));
        int eventfd = -1;
        try {
            eventfd = opened(Kernel.ofThread().call(SystemCall.EVENTFD2, 0, CLOEXEC | NONBLOCK, 0));
            opened(control(EPOLL_CTL_ADD, eventfd, IN | EDGE_TRIGGERED, WAKING));
        } catch (IllegalStateException refused) {
            Kernel.ofThread().close(epoll);
            if (eventfd >= 0) {
                Kernel.ofThread().close(eventfd);
            }
            throw refused;
        }
        waking = eventfd;
    }

    private static int opened(int result) {
        if (result < 0) {
            throw new IllegalStateException("epoll is refused: " + SystemError.message(result));
        }
        return result;
    }

    /**
     * Tells of the socket from now on, first of what it is ready for already.
     *
     * @param key what {@link #key} gives for it; not negative
     * @return 0 or a negative error number
     */
    public int add(int socket, long key) {
        return control(EPOLL_CTL_ADD, socket, IN | URGENT | OUT | PEER_ENDED | EDGE_TRIGGERED, key);
    }

    /** Tells of it no more. A socket that is closed is removed by that. */
    public void remove(int socket) {
        int _ = control(EPOLL_CTL_DEL, socket, 0, 0);
    }

    private int control(int operation, int descriptor, int bits, long key) {
        interest.set(INT, 0, bits);
        interest.set(LONG, KEY_AT, key);
        return (int)
                Kernel.ofThread()
                        .call(
                                SystemCall.EPOLL_CTL,
                                epoll,
                                operation,
                                descriptor,
                                interest.address(),
                                0,
                                0);
    }

    /**
     * Waits until anything is ready, or for so long.
     *
     * @param millis 0 does not wait, and -1 waits for ever
     * @return how many there are
     * @throws IllegalStateException if the kernel refuses
     */
    public int await(int millis) {
        long count =
                Kernel.ofThread()
                        .call(
                                SystemCall.EPOLL_PWAIT,
                                epoll,
                                events.address(),
                                EVENTS_MAX,
                                millis,
                                0,
                                Long.BYTES);
        return count == -SystemError.EINTR ? 0 : opened((int) count);
    }

    /** What the event is about; negative if it is not about a socket. */
    public long key(int event) {
        return events.get(LONG, event * EVENT_BYTES + KEY_AT);
    }

    /** What the socket is ready for. */
    public int bits(int event) {
        return events.get(INT, event * EVENT_BYTES);
    }

    /** Ends {@link #await}, this one or the next; on any thread. */
    public void wake() {
        // The descriptor's number may be someone else's once it is closed.
        synchronized (one) {
            if (!closed) {
                // Each write is told of, so nobody has to read what was written.
                int _ = Kernel.ofThread().call(SystemCall.WRITE, waking, one.address(), Long.BYTES);
            }
        }
    }

    public void close() {
        synchronized (one) {
            closed = true;
            Kernel.ofThread().close(waking);
        }
        Kernel.ofThread().close(epoll);
    }
}
