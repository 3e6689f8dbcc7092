package io.sallyport.gateway.data;

/** A data connection that was asked for and has not come yet. */
interface PendingData {
    /** Whether it came, failed, or was given up. */
    boolean isOver();

    /** Gives it up; a second call does nothing. */
    void close();
}
