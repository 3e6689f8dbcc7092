package io.sallyport.protocol;

/** What became of one listener that an agent asked for. */
public sealed interface ListenerResult {
    String service();

    /** The listener as the agent asked for it. */
    Endpoint requested();

    /**
     * The gateway listens.
     *
     * @param bound the address and port it listens on: the port differs where 0 was asked for
     */
    record Opened(String service, Endpoint requested, Endpoint bound) implements ListenerResult {}

    /**
     * The gateway does not listen.
     *
     * @param why one sentence for the person who can mend it
     */
    record Failed(String service, Endpoint requested, String why) implements ListenerResult {}
}
