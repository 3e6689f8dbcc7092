package io.sallyport.protocol;

/**
 * The peer sent bytes that the protocol does not allow. Carries no stack trace: the fault is not in
 * our code.
 */
public final class ProtocolException extends Exception {
    public ProtocolException(String message) {
        super(message, null, false, false);
    }
}
