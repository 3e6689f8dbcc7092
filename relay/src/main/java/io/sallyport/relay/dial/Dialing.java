package io.sallyport.relay.dial;

/** A connection in the making. */
public interface Dialing {
    /** Gives it up; may be called on any thread, and after the end too. */
    void cancel();
}
