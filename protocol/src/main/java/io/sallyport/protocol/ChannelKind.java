package io.sallyport.protocol;

/** How a data channel carries its session. */
public enum ChannelKind {
    /** Frames over TLS 1.3. */
    FRAMED(1),
    /** Plain TCP, for protocols that are already encrypted. */
    RAW(2);

    private final int code;

    ChannelKind(int code) {
        this.code = code;
    }

    /** Published in docs/protocol.md: never renumber. */
    public int code() {
        return code;
    }

    static ChannelKind of(int code) throws ProtocolException {
        for (ChannelKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new ProtocolException("unknown kind of data channel " + code);
    }
}
