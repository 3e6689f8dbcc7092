package io.sallyport.ftp;

/** The conversation can't be followed any further. */
final class ConversationException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String why;

    /**
     * @param why one sentence
     */
    ConversationException(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
