/**
 * Carries the bytes of sessions: a {@link io.sallyport.relay.Relay} joins two {@link
 * io.sallyport.relay.Leg legs}.
 */
@NullMarked
package io.sallyport.relay;

import org.jspecify.annotations.NullMarked;
