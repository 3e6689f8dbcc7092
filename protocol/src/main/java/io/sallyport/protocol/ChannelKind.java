package io.sallyport.protocol;

/** What the frames of a data channel travel over. */
public enum ChannelKind {
    /** TLS 1.3. */
    ENCRYPTED(1),
    /** Plain TCP, for sessions whose own protocol encrypts. */
    PLAIN(2);

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
