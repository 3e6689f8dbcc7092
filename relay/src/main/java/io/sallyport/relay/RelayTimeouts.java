package io.sallyport.relay;

import java.time.Duration;

/**
 * How long a session may move no byte; every byte, in either direction, starts the time anew.
 *
 * @param idle while both directions are open
 * @param halfClose while one direction has ended
 */
public record RelayTimeouts(Duration idle, Duration halfClose) {}
