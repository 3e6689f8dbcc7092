package io.sallyport.protocol;

import java.time.Duration;

/** Names, numbers and bounds of the protocol. */
public final class Protocol {
    /**
     * The highest minor version that this software speaks. A lower one is spoken with a peer that
     * asks for it.
     */
    public static final int MINOR = 0;

    /** ALPN name of a control channel. Its number is the major version. */
    public static final String ALPN_CONTROL = "sallyport-control/1";

    /** ALPN name of an encrypted data channel. */
    public static final String ALPN_DATA = "sallyport-data/1";

    /** The most bytes of a control frame, without its length. */
    public static final int CONTROL_FRAME_BYTES_MAX = 256 * 1024;

    /** The least bytes of a control frame, without its length: the type of the message. */
    public static final int CONTROL_FRAME_BYTES_MIN = 1;

    /** The most bytes of a session in one DATA frame; the least is one. */
    public static final int DATA_BYTES_MAX = 1024 * 1024;

    /** The most bytes of the payload of every other data frame. */
    public static final int SIGNAL_BYTES_MAX = 1024;

    /** The most bytes of a name in UTF-8; the least is one. */
    public static final int NAME_BYTES_MAX = 100;

    /** The most bytes of the name or address of a host. */
    public static final int HOST_BYTES_MAX = 253;

    /**
     * The most bytes of a sentence that says why, in UTF-8. Small enough that {@link
     * #LISTENERS_MAX} refusals with names of full length fit in one control frame.
     */
    public static final int WHY_BYTES_MAX = 384;

    /** The most services of one agent. */
    public static final int SERVICES_MAX = 512;

    /** The most listeners of one agent, of all its services together. */
    public static final int LISTENERS_MAX = 512;

    /** The most networks in each list of a service. */
    public static final int NETWORKS_MAX = 256;

    /** The most tickets in one message. */
    public static final int TICKETS_MAX = 4096;

    /** The most data connections that a session may wait for at once. */
    public static final int DATA_REQUESTS_MAX = 16;

    /** The most forward sessions that an agent may wait for at once. */
    public static final int FORWARD_REQUESTS_MAX = 1024;

    /** The longest duration that has a form on the wire: 49 days and some hours. */
    public static final Duration DURATION_MAX = Duration.ofMillis(0xffff_ffffL);

    /** How long after it was issued a ticket is taken. */
    public static final Duration TICKET_LIFETIME = Duration.ofSeconds(10);

    /** How long after OPEN the gateway waits for OPENED or RESET. */
    public static final Duration OPENED_DEADLINE = Duration.ofSeconds(90);

    private Protocol() {}

    /** The minor version that two sides speak with each other: the lower of the two. */
    public static int commonMinor(int ours, int theirs) {
        return Math.min(ours, theirs);
    }
}
