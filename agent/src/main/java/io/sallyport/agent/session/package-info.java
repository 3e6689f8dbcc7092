/** Sessions at the agent: the way to the origin, and what is told of their end. */
@NullMarked
package io.sallyport.agent.session;

import org.jspecify.annotations.NullMarked;
