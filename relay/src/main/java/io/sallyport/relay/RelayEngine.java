package io.sallyport.relay;

/**
 * A way to carry bytes between two legs. Every engine keeps the same promises; they differ in speed
 * only.
 */
public interface RelayEngine {
    /** What logs and the status call it. */
    String name();

    /**
     * Starts to carry bytes. Both legs belong to the same event loop, and this is called on it.
     *
     * @param partnerSide the leg nearer to the partner
     * @param originSide the leg nearer to the origin
     */
    Relay join(Leg partnerSide, Leg originSide, RelayTimeouts timeouts, RelayObserver observer);
}
