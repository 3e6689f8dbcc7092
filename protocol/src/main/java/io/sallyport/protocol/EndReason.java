package io.sallyport.protocol;

/**
 * Why a session ended. One value is one wire code, one word in the log and one word in the status.
 */
public enum EndReason {
    /** Both directions ended in order. */
    COMPLETED(0, "completed"),
    /** The partner reset its connection, or it was lost. */
    PARTNER_RESET(1, "partner-reset"),
    /** The origin reset its connection, or it was lost. */
    ORIGIN_RESET(2, "origin-reset"),
    /** The origin refused the connection. */
    ORIGIN_REFUSED(3, "origin-refused"),
    /** The origin did not answer in time. */
    ORIGIN_TIMEOUT(4, "origin-timeout"),
    /** The data channel was lost: the other process died, or the network between failed. */
    CHANNEL_LOST(5, "channel-lost"),
    /** No data channel came in time. */
    NO_CHANNEL(6, "no-channel"),
    /** No byte moved in either direction for the service's idle timeout. */
    IDLE_TIMEOUT(7, "idle-timeout"),
    /** One direction had ended and the other moved no byte for the service's half-close timeout. */
    HALF_CLOSE_TIMEOUT(8, "half-close-timeout"),
    /** The service is not known at the agent, or no longer. */
    SERVICE_UNKNOWN(9, "service-unknown"),
    /** A limit was reached: sessions in all, of the service, or of the partner's address. */
    LIMIT_REACHED(10, "limit-reached"),
    /** The partner's address is not allowed by the service. */
    NOT_ALLOWED(11, "not-allowed"),
    /** The process was stopped before the session had ended. */
    SHUTDOWN(12, "shutdown"),
    /** A peer broke the protocol. */
    PROTOCOL_ERROR(13, "protocol-error"),
    /** A fault of our own: the log says more. */
    INTERNAL(14, "internal");

    private final int code;
    private final String word;

    EndReason(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** Published in docs/protocol.md: never renumber. */
    public int code() {
        return code;
    }

    static EndReason of(int code) throws ProtocolException {
        for (EndReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new ProtocolException("unknown reason for the end of a session " + code);
    }

    /** Whose doing it was: a word for the log. */
    public String endedBy() {
        return switch (this) {
            case COMPLETED -> "both";
            case PARTNER_RESET -> "partner";
            case ORIGIN_RESET, ORIGIN_REFUSED, ORIGIN_TIMEOUT -> "origin";
            case CHANNEL_LOST, NO_CHANNEL -> "network";
            case IDLE_TIMEOUT, HALF_CLOSE_TIMEOUT, LIMIT_REACHED, NOT_ALLOWED, SERVICE_UNKNOWN ->
                    "configuration";
            case SHUTDOWN -> "operator";
            case PROTOCOL_ERROR, INTERNAL -> "fault";
        };
    }

    /** The word used in logs and in the status. */
    @Override
    public String toString() {
        return word;
    }
}
