package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.EndReason;

/** Hears of a {@link Leg} to which nothing is attached yet. */
@FunctionalInterface
public interface LossWatcher {
    /** It was lost; told once. */
    void onLost(EndReason reason, String why);

    /** Bytes arrived, or are there already. The leg keeps them for whoever will be attached. */
    default void onHeld(ByteBuf bytes) {}
}
