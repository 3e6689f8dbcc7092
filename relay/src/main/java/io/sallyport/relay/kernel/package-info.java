/**
 * Lets the kernel carry the bytes of sessions whose legs are plain TCP connections, from socket to
 * socket, without a copy in this process. Linux only.
 */
@NullMarked
package io.sallyport.relay.kernel;

import org.jspecify.annotations.NullMarked;
