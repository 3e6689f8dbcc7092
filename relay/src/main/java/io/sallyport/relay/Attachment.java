package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.EndReason;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Who hears of a leg, seen from within it. Keeps what happens before anybody is attached, and tells
 * nothing more once the leg is over.
 */
public final class Attachment {
    /**
     * So much, and one read, may wait. With less there is no reason not to hear what comes next.
     */
    private static final int EARLY_BYTES_MAX = 16 * 1024;

    /** Few partners send more often before somebody is attached. */
    private static final int EARLY_READS = 2;

    /** Why a leg was lost. */
    public record Loss(EndReason reason, String why) {}

    private @Nullable ArrayDeque<ByteBuf> early;
    private @Nullable LegHandler handler;
    private @Nullable LossWatcher watcher;
    private @Nullable Loss loss;
    private boolean ended;
    private boolean endSent;
    private boolean over;

    public boolean isAttached() {
        return handler != null;
    }

    public boolean hasEarly() {
        return early != null;
    }

    /** Whether the input has ended in order. */
    public boolean isEnded() {
        return ended;
    }

    public boolean isEndSent() {
        return endSent;
    }

    /** Whether the leg was lost, or nobody wants to hear of it any more. */
    public boolean isOver() {
        return over;
    }

    public @Nullable Loss loss() {
        return loss;
    }

    public void watch(LossWatcher watcher) {
        this.watcher = watcher;
        if (loss != null) {
            watcher.onLost(loss.reason(), loss.why());
        } else if (early != null) {
            early.forEach(watcher::onHeld);
        }
    }

    public void attach(LegHandler handler) {
        this.handler = handler;
        if (early != null) {
            deliverEarly(handler);
            handler.onReadComplete();
        }
        if (loss != null) {
            handler.onReset(loss.reason(), loss.why());
            return;
        }
        if (endSent && !over) {
            handler.onEndSent();
        }
        if (ended && !over) {
            handler.onEnd();
        }
    }

    private void deliverEarly(LegHandler to) {
        // A handler may end the leg at any of them.
        while (early != null) {
            ByteBuf next = early.poll();
            if (next == null) {
                early = null;
            } else {
                to.onBytes(next);
            }
        }
    }

    /**
     * Takes over the buffer, and passes it on, or keeps it.
     *
     * @return whether more should be read: not if much waits
     */
    public boolean bytes(ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else if (handler == null) {
            if (early == null) {
                early = new ArrayDeque<>(EARLY_READS);
            }
            early.add(bytes);
            if (watcher != null) {
                watcher.onHeld(bytes);
            }
            return earlyBytes(early) < EARLY_BYTES_MAX;
        } else {
            handler.onBytes(bytes);
        }
        return true;
    }

    private static int earlyBytes(ArrayDeque<ByteBuf> early) {
        int sum = 0;
        for (ByteBuf bytes : early) {
            sum += bytes.readableBytes();
        }
        return sum;
    }

    public void readComplete() {
        if (handler != null && !over) {
            handler.onReadComplete();
        }
    }

    public void writabilityChanged(boolean writable) {
        if (handler != null && !over) {
            handler.onWritabilityChanged(writable);
        }
    }

    public void end() {
        ended = true;
        if (handler != null && !over) {
            handler.onEnd();
        }
    }

    public void endSent() {
        endSent = true;
        if (handler != null && !over) {
            handler.onEndSent();
        }
    }

    /** The leg is over other than in order. */
    public void lose(EndReason reason, String why) {
        over();
        loss = new Loss(reason, why);
        if (handler != null) {
            handler.onReset(reason, why);
        } else if (watcher != null) {
            watcher.onLost(reason, why);
        }
    }

    /** Nobody wants to hear of the leg any more. */
    public void over() {
        over = true;
        if (early != null) {
            early.forEach(ByteBuf::release);
            early = null;
        }
    }
}
