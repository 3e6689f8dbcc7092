package io.sallyport.relay;

import io.sallyport.protocol.EndReason;

/** Hears that a {@link Leg} was lost before anything was attached to it, once. */
@FunctionalInterface
public interface LossWatcher {
    void onLost(EndReason reason, String why);
}
