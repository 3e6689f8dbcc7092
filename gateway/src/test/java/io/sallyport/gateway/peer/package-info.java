/** What stands around a gateway in tests: agents that speak the protocol, and partners. */
@NullMarked
package io.sallyport.gateway.peer;

import org.jspecify.annotations.NullMarked;
