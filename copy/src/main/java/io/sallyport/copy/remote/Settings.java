package io.sallyport.copy.remote;

import java.time.Duration;

/**
 * What holds for every connection of a copy.
 *
 * @param activeFtp whether FTP servers are to connect back
 * @param connectTimeout for a connection to be made and logged in
 * @param idleTimeout for a connection on which nothing moves
 */
public record Settings(
        Route route,
        Trust trust,
        Secrets secrets,
        boolean activeFtp,
        Duration connectTimeout,
        Duration idleTimeout) {}
