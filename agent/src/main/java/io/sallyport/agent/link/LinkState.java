package io.sallyport.agent.link;

/**
 * Where the link to one gateway stands. {@code failures} counts attempts in a row that came to
 * nothing, and connections that did not last.
 *
 * <pre>
 * Connecting ─Connected→ Greeting ─Welcome→ Up
 *   ▲   └─────not reached──┐ └───┐            │
 *   │                      ▼     ▼            │
 *   └────WaitIsOver──── Waiting ◀┴── lost ────┘          any ─Stop→ Stopped
 * </pre>
 */
sealed interface LinkState {
    /** The name is looked up, TCP connected and TLS greeted. */
    record Connecting(int failures) implements LinkState {}

    /** The agent has said hello. */
    record Greeting(int failures) implements LinkState {}

    /**
     * @param gateway what the gateway calls itself
     */
    record Up(int failures, String gateway, String software, long sinceNanos)
            implements LinkState {}

    record Waiting(int failures) implements LinkState {}

    record Stopped() implements LinkState {}
}
