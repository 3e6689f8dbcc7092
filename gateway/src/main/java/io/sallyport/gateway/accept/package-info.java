/** Listening sockets, for agents and for partners alike. */
@NullMarked
package io.sallyport.gateway.accept;

import org.jspecify.annotations.NullMarked;
