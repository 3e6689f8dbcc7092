package io.sallyport.relay.tcp;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.sallyport.relay.linux.Epoll;
import io.sallyport.relay.linux.Scheduling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the sockets of one event loop. Each is given to the kernel once, and told of whenever
 * anything new happens to it; which of that matters now is its own affair. So nothing has to be
 * asked of the kernel when reading is turned on or off.
 */
final class EpollIoHandler implements IoHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EpollIoHandler.class);
    private static final long NANOS_OF_MILLI = 1_000_000;

    private final Epoll epoll = new Epoll();
    private final ThreadAwareExecutor loop;
    private final EpollHandle.Readiness readiness = new EpollHandle.Readiness();
    private final ArrayDeque<Registration> turns = new ArrayDeque<>();

    /** By their place. A place that was used is used again, under another key. */
    private final List<@Nullable Registration> registrations = new ArrayList<>();

    private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();
    private int lastGeneration;

    /** Whether the loop waits, or is about to, so that a new task has to wake it. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    EpollIoHandler(ThreadAwareExecutor loop) {
        this.loop = loop;
    }

    @Override
    public void initialize() {
        Scheduling.gatherWork();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return EpollHandle.class.isAssignableFrom(handleType);
    }

    @Override
    public int run(IoHandlerContext context) {
        int count = await(context);
        for (int event = 0; event < count; event++) {
            Registration registration = find(epoll.key(event));
            if (registration != null) {
                registration.tell(epoll.bits(event));
            }
        }
        // Who asks for another turn meanwhile has it after the kernel was asked for news.
        for (int left = turns.size(); left > 0; left--) {
            Registration registration = turns.remove();
            registration.turnAsked = false;
            registration.tell(0);
        }
        return count;
    }

    private int await(IoHandlerContext context) {
        if (!turns.isEmpty() || !context.canBlock()) {
            return epoll.await(0);
        }
        waiting.set(true);
        // A task that came before this was seen to wait has woken nobody.
        int count = epoll.await(context.canBlock() ? millisToNextTimer(context) : 0);
        waiting.set(false);
        return count;
    }

    /** Rounded up: a loop that woke too early would find nothing to do, and not wait again. */
    private static int millisToNextTimer(IoHandlerContext context) {
        if (context.deadlineNanos() == -1) {
            return -1;
        }
        long nanos = Math.max(0, context.delayNanos(System.nanoTime()));
        return (int) Math.min(Integer.MAX_VALUE, (nanos + NANOS_OF_MILLI - 1) / NANOS_OF_MILLI);
    }

    @Override
    public void wakeup() {
        if (!loop.isExecutorThread(Thread.currentThread())
                && waiting.get()
                && waiting.compareAndSet(true, false)) {
            epoll.wake();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        int place = freePlaces.isEmpty() ? registrations.size() : freePlaces.pop();
        lastGeneration = lastGeneration == Integer.MAX_VALUE ? 0 : lastGeneration + 1;
        var registration = new Registration((EpollHandle) handle, place, lastGeneration);
        if (place == registrations.size()) {
            registrations.add(registration);
        } else {
            registrations.set(place, registration);
        }
        return registration;
    }

    /** Null for what was told of a socket that is gone, or of none. */
    private @Nullable Registration find(long key) {
        if (key < 0) {
            return null;
        }
        Registration found = registrations.get((int) key);
        return found != null && found.key() == key ? found : null;
    }

    @Override
    public void prepareToDestroy() {
        for (Registration registration : new ArrayList<>(registrations)) {
            if (registration != null) {
                registration.handle.close();
            }
        }
    }

    @Override
    public void destroy() {
        epoll.close();
    }

    private final class Registration implements IoRegistration {
        private final EpollHandle handle;
        private final int place;
        private final int generation;
        private boolean watched;
        private boolean turnAsked;
        private boolean cancelled;

        Registration(EpollHandle handle, int place, int generation) {
            this.handle = handle;
            this.place = place;
            this.generation = generation;
        }

        long key() {
            return (long) generation << Integer.SIZE | place;
        }

        void tell(int bits) {
            if (cancelled) {
                return;
            }
            readiness.set(bits);
            try {
                handle.handle(this, readiness);
            } catch (RuntimeException | Error unexpected) {
                LOG.atError().setCause(unexpected).log("a connection is closed: a bug");
                handle.close();
            }
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        public <T> T attachment() {
            return (T) handle;
        }

        @Override
        public long submit(IoOps asked) {
            switch ((EpollHandle.Ask) asked) {
                case WATCH -> {
                    int result = epoll.add(handle.descriptor(), key());
                    watched = result == 0;
                    return result;
                }
                case TURN -> {
                    if (!turnAsked && !cancelled) {
                        turnAsked = true;
                        turns.add(this);
                    }
                }
            }
            return 0;
        }

        @Override
        public boolean isValid() {
            return !cancelled;
        }

        @Override
        public boolean cancel() {
            if (cancelled) {
                return false;
            }
            cancelled = true;
            registrations.set(place, null);
            freePlaces.push(place);
            if (watched && handle.descriptor() >= 0) {
                epoll.remove(handle.descriptor());
            }
            return true;
        }
    }
}
