package io.sallyport.ftp;

/**
 * The conversation can't be followed any further. Carries no stack trace: the fault is not in our
 * code.
 */
final class ConversationException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String message;

    /**
     * @param message one sentence
     */
    ConversationException(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
