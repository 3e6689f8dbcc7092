package io.sallyport.ftp;

/**
 * A data connection that a client has asked for, from the command on: what the client is told of
 * its transfer depends on what becomes of it. A client that waits for the connection would take an
 * end of the transfer that comes first for a failure, or believe in a file that never comes.
 */
final class Agreement {
    private enum State {
        ASKED,
        /** The client waits at its port. */
        AWAITED,
        THERE,
        LOST
    }

    private final DataWish wish;
    private State state = State.ASKED;
    private long number;

    Agreement(DataWish wish) {
        this.wish = wish;
    }

    DataWish wish() {
        return wish;
    }

    /** By which the connection is known; 0 if it was never opened. */
    long number() {
        return number;
    }

    void open(long number) {
        this.number = number;
    }

    /** Both sides know where to go. */
    void agreed() {
        if (wish instanceof DataWish.Active) {
            state = State.AWAITED;
        }
    }

    void there() {
        if (isAwaited()) {
            state = State.THERE;
        }
    }

    void lost() {
        if (isAwaited()) {
            state = State.LOST;
        }
    }

    /** Whether the client waits for it, and still may get it. */
    boolean isAwaited() {
        return state == State.AWAITED;
    }

    /** Whether the client waits for it in vain. */
    boolean isLost() {
        return state == State.LOST;
    }
}
