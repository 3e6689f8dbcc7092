package io.sallyport.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What an agent calls something that it asked of a gateway, until it has come.
 *
 * @param beside the session that a data connection belongs to; null for a forward session
 * @param number unique among those of the session, or among those of the agent
 */
public record RequestId(@Nullable SessionId beside, long number) {
    /** A forward session, beside which there is none. */
    public RequestId(long number) {
        this(null, number);
    }
}
