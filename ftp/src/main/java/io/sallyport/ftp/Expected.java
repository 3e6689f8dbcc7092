package io.sallyport.ftp;

/**
 * What the client, or we ourselves, wait for from the server; or an answer of our own that has to
 * wait for its turn.
 *
 * @param verb of the command
 * @param local our own answer, empty if the server's is waited for
 * @param then what follows the answer
 */
record Expected(Kind kind, String verb, String local, Runnable then) {
    enum Kind {
        GREETING,
        /** A step of our own towards the server; the client does not hear of it. */
        SETUP,
        OTHER,
        LOGIN,
        FEATURES,
        PASSIVE,
        EXTENDED_PASSIVE,
        TRANSFER,
        LOCAL
    }

    static Expected of(Kind kind, String verb) {
        return new Expected(kind, verb, "", () -> {});
    }

    boolean isPassive() {
        return kind == Kind.PASSIVE || kind == Kind.EXTENDED_PASSIVE;
    }

    static Expected local(String answer, Runnable then) {
        return new Expected(Kind.LOCAL, "", answer, then);
    }
}
