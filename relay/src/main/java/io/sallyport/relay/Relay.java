package io.sallyport.relay;

import io.sallyport.protocol.EndReason;

/** Carries the bytes of one session between two legs until both directions have ended. */
public interface Relay {
    /** Bytes that came from the partner's side so far. Readable from any thread. */
    long bytesFromPartner();

    /** Bytes that came from the origin's side so far. Readable from any thread. */
    long bytesFromOrigin();

    /**
     * Counts as a byte: something beside the session goes on for it, so it is not idle. Called on
     * the legs' event loop.
     */
    void touch();

    /** Aborts the session on both legs, unless it has ended. May be called from any thread. */
    void abort(EndReason reason, String why);
}
