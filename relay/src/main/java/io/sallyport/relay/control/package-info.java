/** The control channel as bytes on a connection: frames, heartbeats, bounds. */
@NullMarked
package io.sallyport.relay.control;

import org.jspecify.annotations.NullMarked;
