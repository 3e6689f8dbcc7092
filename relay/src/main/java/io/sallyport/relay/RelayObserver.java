package io.sallyport.relay;

import io.sallyport.protocol.EndReason;

/** Hears of the end of a relay, once, on its event loop. */
@FunctionalInterface
public interface RelayObserver {
    /**
     * @param reason {@link EndReason#COMPLETED} only if both directions ended in order and
     *     everything was handed on
     * @param why one sentence for the log; empty if there is nothing to explain
     */
    void onRelayEnded(EndReason reason, String why);
}
