package io.sallyport.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the agent is told of a session.
 *
 * @param partner where the partner comes from: its own address where a PROXY protocol header named
 *     it
 * @param reached the address and port that the partner reached
 * @param request what the agent asked for, if this is a data connection or a forward session
 */
public record SessionOpening(
        SessionId session,
        String service,
        Endpoint partner,
        Endpoint reached,
        @Nullable RequestId request) {
    /** A session of its own. */
    public SessionOpening(SessionId session, String service, Endpoint partner, Endpoint reached) {
        this(session, service, partner, reached, null);
    }
}
