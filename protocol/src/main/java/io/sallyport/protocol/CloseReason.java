package io.sallyport.protocol;

/** Why a control channel was ended by the side that says goodbye. */
public enum CloseReason {
    /** The process stops. */
    STOPPING(0, "stopping"),
    /** The peers have no version of the protocol in common. */
    VERSION_UNSUPPORTED(1, "version-unsupported"),
    /** The certificate is genuine but its name may not be an agent here. */
    NOT_ALLOWED(2, "not-allowed"),
    /** A newer control channel of the same agent took over. */
    REPLACED(3, "replaced"),
    /** A message came out of turn, or could not be read. */
    PROTOCOL_ERROR(4, "protocol-error"),
    /** The peer did not answer in time. */
    TIMED_OUT(5, "timed-out"),
    /** Data channels do not come through although the control channel lives. */
    DATA_PATH_FAILED(6, "data-path-failed");

    private final int code;
    private final String word;

    CloseReason(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** Published in docs/protocol.md: never renumber. */
    public int code() {
        return code;
    }

    static CloseReason of(int code) throws ProtocolException {
        for (CloseReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new ProtocolException("unknown reason for closing " + code);
    }

    /** The word used in logs and in the status. */
    @Override
    public String toString() {
        return word;
    }
}
