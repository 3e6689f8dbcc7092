/** The agent's peers in tests: a gateway, origins, and everybody's certificates. */
@NullMarked
package io.sallyport.agent.peer;

import org.jspecify.annotations.NullMarked;
