package io.sallyport.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sallyport.protocol.EndReason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a session that is silent for too long. Armed anew only when its timer fires, so that a byte
 * costs no more than a look at the clock. Used on the session's event loop only.
 */
public final class Silence {
    private final EventLoop loop;
    private final RelayTimeouts timeouts;
    private final RelayObserver tooLong;
    private long lastByteNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> check;
    private boolean halfClosed;

    /**
     * @param tooLong hears of it, once
     */
    public Silence(EventLoop loop, RelayTimeouts timeouts, RelayObserver tooLong) {
        this.loop = loop;
        this.timeouts = timeouts;
        this.tooLong = tooLong;
    }

    public void start() {
        schedule(timeouts.idle());
    }

    /** A byte moved, or what counts as one. */
    public void broken() {
        lastByteNanos = System.nanoTime();
    }

    /** One direction has ended: another time is allowed from now on. */
    public void halfClosed() {
        halfClosed = true;
        broken();
        stop();
        schedule(timeouts.halfClose());
    }

    public void stop() {
        if (check != null) {
            check.cancel(false);
        }
    }

    private void schedule(Duration delay) {
        check = loop.schedule(this::check, Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    private void check() {
        Duration allowed = halfClosed ? timeouts.halfClose() : timeouts.idle();
        Duration left = allowed.minusNanos(System.nanoTime() - lastByteNanos);
        if (left.isPositive()) {
            schedule(left);
        } else if (halfClosed) {
            tooLong.onRelayEnded(
                    EndReason.HALF_CLOSE_TIMEOUT,
                    "one direction had ended and no byte moved for " + allowed.toSeconds() + " s");
        } else {
            tooLong.onRelayEnded(
                    EndReason.IDLE_TIMEOUT, "no byte moved for " + allowed.toSeconds() + " s");
        }
    }
}
