package io.sallyport.protocol;

/** Names and numbers of the protocol. */
public final class Protocol {
    /**
     * The highest minor version that this software speaks. A lower one is spoken with a peer that
     * asks for it.
     */
    public static final int MINOR = 0;

    /** ALPN name of a control channel. Its number is the major version. */
    public static final String ALPN_CONTROL = "sallyport-control/1";

    /** ALPN name of a framed data channel. */
    public static final String ALPN_DATA = "sallyport-data/1";

    /** The most bytes of a control frame, without its length. */
    public static final int CONTROL_FRAME_BYTES_MAX = 256 * 1024;

    private Protocol() {}
}
