package io.sallyport.acceptance.product;

/** The words that the product uses in logs and status: the one place to change when they change. */
public final class Words {
    public static final String LOG_EVENT = "event";
    public static final String LOG_LEVEL = "level";
    public static final String LOG_TIME = "time";

    public static final String LISTENER_OPENED = "listener opened";
    public static final String LISTENER_FAILED = "listener failed";
    public static final String SESSION_ENDED = "session ended";
    public static final String AGENT_CONNECTED = "agent connected";

    public static final String SESSION = "session";
    public static final String SERVICE = "service";
    public static final String PARTNER = "partner";
    public static final String ORIGIN = "origin";
    public static final String REASON = "reason";
    public static final String DURATION = "seconds";
    public static final String ENDED_BY = "ended-by";
    public static final String BYTES_FROM_PARTNER = "from-partner";
    public static final String BYTES_FROM_ORIGIN = "from-origin";

    public static final String TRANSFER_ENDED = "transfer ended";
    public static final String COMMAND = "command";
    public static final String DIRECTION = "direction";
    public static final String TRANSFERRED = "bytes";
    public static final String OUTCOME = "outcome";

    public static final String STATUS_LISTENERS = "listeners";
    public static final String STATUS_SESSIONS = "sessions";
    public static final String STATUS_AGENTS = "agents";
    public static final String STATUS_IDLE_CHANNELS = "idle-channels";
    public static final String LISTENER_REQUESTED = "requested";
    public static final String LISTENER_BOUND = "bound";
    public static final String LISTENER_STATE = "state";
    public static final String LISTENER_ERROR = "error";
    public static final String LISTENER_IS_OPEN = "open";

    private Words() {}
}
