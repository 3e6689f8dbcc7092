package io.sallyport.agent.dial;

import io.sallyport.process.HostPort;

/**
 * Whom to connect to.
 *
 * @param role what it is to the agent, for sentences: {@code gateway}, {@code origin}
 */
public record Target(String role, HostPort hostPort) {
    /** {@code origin 10.0.0.5:22}. */
    @Override
    public String toString() {
        return role + " " + hostPort;
    }
}
