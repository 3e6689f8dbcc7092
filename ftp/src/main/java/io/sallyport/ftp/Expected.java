package io.sallyport.ftp;

import org.jspecify.annotations.Nullable;

/**
 * What the client, or we ourselves, wait for from the server; or an answer of our own that has to
 * wait for its turn.
 *
 * @param verb of the command
 * @param local our own answer, empty if the server's is waited for
 * @param then what follows the answer
 * @param wish what the client wants of a data connection, if that is asked for
 */
record Expected(Kind kind, String verb, String local, Runnable then, @Nullable DataWish wish) {
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

    static Expected passive(DataWish wish) {
        return new Expected(Kind.PASSIVE, "PASV", "", () -> {}, wish);
    }

    /**
     * @param answer what the client is told if the server agrees; empty for the server's own words
     */
    static Expected active(String answer) {
        return new Expected(Kind.ACTIVE, "PORT", answer, () -> {}, null);
    }

    boolean isPassive() {
        return kind == Kind.PASSIVE;
    }

    static Expected local(String answer, Runnable then) {
        return new Expected(Kind.LOCAL, "", answer, then, null);
    }
}
