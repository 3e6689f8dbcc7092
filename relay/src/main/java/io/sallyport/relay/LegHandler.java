package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.EndReason;

/** Hears what happens on a {@link Leg}. After {@link #onReset} nothing follows. */
public interface LegHandler {
    /** Bytes arrived; the handler owns the buffer. */
    void onBytes(ByteBuf bytes);

    /**
     * Bytes went on to the other leg without coming through here; 0 if earlier ones only got
     * farther.
     */
    default void onPassed(long bytes) {}

    /** No more bytes can be had for now: the moment to flush what was passed on. */
    void onReadComplete();

    void onWritabilityChanged(boolean writable);

    /** The far end will send no more, in order. */
    void onEnd();

    /** What was written before {@link Leg#end}, and the end itself, are with the kernel. */
    void onEndSent();

    /** The leg is gone other than in order. */
    void onReset(EndReason reason, String why);
}
