/** The TCP sockets of gateway and agent, and the options that every one of them gets. */
@NullMarked
package io.sallyport.relay.tcp;

import org.jspecify.annotations.NullMarked;
