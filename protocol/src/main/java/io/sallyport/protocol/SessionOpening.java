package io.sallyport.protocol;

/**
 * What the agent is told of a session.
 *
 * @param partner where the partner comes from: its own address where a PROXY protocol header named
 *     it
 * @param reached the address and port that the partner reached
 */
public record SessionOpening(
        SessionId session, String service, Endpoint partner, Endpoint reached) {}
