package io.sallyport.protocol;

/**
 * The peer sent bytes that the protocol does not allow. Carries no stack trace: the fault is not in
 * our code.
 */
public final class ProtocolException extends Exception {
    private final String message;

    public ProtocolException(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
