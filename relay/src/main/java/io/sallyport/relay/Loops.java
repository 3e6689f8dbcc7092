package io.sallyport.relay;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.sallyport.relay.tcp.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The threads of a gateway or an agent, one for each processor. All of them carry bytes. The first
 * one, the core loop, owns all state and accepts connections besides: what a session needs of it is
 * little, and the sessions on its own loop get it without waking another thread.
 */
public final class Loops implements AutoCloseable {
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(10);

    /** How long a loop that is to end waits for tasks of the others. */
    private static final int QUIET_MILLIS = 100;

    /** How late the core loop may hear of what it need not hear of at once. */
    private static final int UNHURRIED_MILLIS = 20;

    private final MultiThreadIoEventLoopGroup loops;
    private final EventLoop core;
    private final AtomicBoolean wakeDue = new AtomicBoolean();
    private volatile boolean hurried;

    public Loops() {
        this(Transport.chosen());
    }

    public Loops(Transport transport) {
        loops =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("loop"),
                        transport.handlers());
        core = loops.next();
    }

    public EventLoop core() {
        return core;
    }

    /** How many there are, the core loop among them. */
    public int count() {
        return loops.executorCount();
    }

    /**
     * Has the core loop do something before whatever it is asked for after that, but does not wake
     * it: waking is a good part of what a short session costs. It is woken a little later, once for
     * all that has gathered until then.
     */
    public void onCoreUnhurried(Runnable task) {
        if (hurried) {
            core.execute(task);
            return;
        }
        ((AbstractEventExecutor) core).lazyExecute(task);
        if (!core.inEventLoop() && wakeDue.compareAndSet(false, true)) {
            wakeCoreSoon();
        }
    }

    /**
     * @param hurried whether somebody waits for what the core loop is told of, so that it is woken
     *     at once; called on the core loop
     */
    public void hurryCore(boolean hurried) {
        // Asked at every session's beginning; a write would take it from the other loops' caches.
        if (this.hurried != hurried) {
            this.hurried = hurried;
        }
    }

    private void wakeCoreSoon() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                loop.schedule(this::wakeCore, UNHURRIED_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
        }
        wakeCore();
    }

    private void wakeCore() {
        wakeDue.set(false);
        core.execute(() -> {});
    }

    /** The loop whose turn it is to get what carries bytes. */
    public EventLoop next() {
        return loops.next();
    }

    /**
     * Does a piece of work on the core loop and waits for its result; not to be called on a loop.
     *
     * @throws IllegalStateException if it did not come to an end in time
     */
    public <T> T onCore(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, core)
                    .get(ANSWER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException thrown
                    ? thrown
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException stuck) {
            throw new IllegalStateException(
                    "the process did not answer itself within "
                            + ANSWER_DEADLINE.toSeconds()
                            + " s",
                    stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Whether it completed in time; not to be called on a loop. */
    public static boolean await(CompletableFuture<Void> completion, Duration patience) {
        try {
            completion.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException tooLong) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the threads; what is still open on them is closed. */
    @Override
    public void close() {
        // All connections are closed at once; what they have to tell crosses between the loops.
        loops.shutdownGracefully(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
