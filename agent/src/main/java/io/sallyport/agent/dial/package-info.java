/** Connections that the agent makes: names, TCP, TLS, and why one could not be made. */
@NullMarked
package io.sallyport.agent.dial;

import org.jspecify.annotations.NullMarked;
