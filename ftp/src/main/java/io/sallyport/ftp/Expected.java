package io.sallyport.ftp;

import org.jspecify.annotations.Nullable;

/**
 * What the client, or we ourselves, wait for from the server; or an answer of our own that has to
 * wait for its turn.
 *
 * @param verb of the command
 * @param local our own answer, empty if the server's is waited for
 * @param then what follows the answer
 * @param data the data connection that is asked for, or that the transfer is to use
 */
record Expected(Kind kind, String verb, String local, Runnable then, @Nullable Agreement data) {
    enum Kind {
        GREETING,
        /** A step of our own towards the server; the client does not hear of it. */
        SETUP,
        OTHER,
        LOGIN,
        FEATURES,
        /** The server enters passive mode. */
        PASSIVE,
        /** The server is told where to connect. */
        ACTIVE,
        /** The login that the client began before the server was known. */
        ARRIVAL,
        TRANSFER,
        LOCAL
    }

    static Expected of(Kind kind, String verb) {
        return new Expected(kind, verb, "", () -> {}, null);
    }

    static Expected passive(Agreement data) {
        return new Expected(Kind.PASSIVE, "PASV", "", () -> {}, data);
    }

    /**
     * @param data null if none was asked for
     */
    static Expected transfer(String verb, @Nullable Agreement data) {
        return new Expected(Kind.TRANSFER, verb, "", () -> {}, data);
    }

    /**
     * @param answer what the client is told if the server agrees; empty for the server's own words
     */
    static Expected active(String answer) {
        return new Expected(Kind.ACTIVE, "PORT", answer, () -> {}, null);
    }

    /** By which its data connection is known; 0 is none. */
    long dataNumber() {
        return data == null ? 0 : data.number();
    }

    /** Whether its client still waits for the data connection. */
    boolean awaitsData() {
        return kind == Kind.TRANSFER && data != null && data.isAwaited();
    }

    /** Whether its client waits for the data connection in vain. */
    boolean hasLostData() {
        return kind == Kind.TRANSFER && data != null && data.isLost();
    }

    boolean isPassive() {
        return kind == Kind.PASSIVE;
    }

    static Expected local(String answer, Runnable then) {
        return new Expected(Kind.LOCAL, "", answer, then, null);
    }
}
