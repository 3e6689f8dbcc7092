package io.sallyport.gateway.session;

import io.sallyport.process.destination.Destination;
import io.sallyport.process.destination.Destinations;
import io.sallyport.protocol.Endpoint;

/**
 * Whom a forward session was to reach.
 *
 * @param asked the destination as the agent asked for it
 * @param isPublic whether anybody may reach the address that it led to
 */
public record ForwardPartner(Destination asked, boolean isPublic) {
    /** Whether a policy allows a connection to another port of the same partner. */
    public boolean allows(Destinations policy, Endpoint other) {
        var destination = new Destination(asked.host(), asked.literal(), other.port());
        return policy.allow(destination, other.address(), isPublic);
    }

    @Override
    public String toString() {
        return asked.toString();
    }
}
