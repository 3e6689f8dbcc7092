package io.sallyport.protocol;

/** Why a gateway does not do what an agent asked. One value is one wire code and one word. */
public enum RefusalKind {
    /** The policy does not allow it. */
    NOT_ALLOWED(1, "not-allowed"),
    /** The name has no address. */
    NAME_UNKNOWN(2, "name-unknown"),
    /** There is no way to the address. */
    UNREACHABLE(3, "unreachable"),
    /** Nothing listens there, or something says no. */
    CONNECTION_REFUSED(4, "connection-refused"),
    /** Nothing answered, or nobody came, in time. */
    TIMED_OUT(5, "timed-out"),
    /** No port can be had to listen on. */
    NO_PORT(6, "no-port"),
    /** A limit was reached, or the gateway is stopping. */
    LIMIT_REACHED(7, "limit-reached"),
    /** Something else: the sentence beside it says what. */
    FAILED(8, "failed");

    private final int code;
    private final String word;

    RefusalKind(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** Published in docs/protocol.md: never renumber. */
    public int code() {
        return code;
    }

    static RefusalKind of(int code) throws ProtocolException {
        for (RefusalKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new ProtocolException("unknown kind of a refusal " + code);
    }

    /** The word used in logs. */
    @Override
    public String toString() {
        return word;
    }
}
