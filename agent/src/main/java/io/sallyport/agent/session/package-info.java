/** Sessions between a data channel and an origin. */
@NullMarked
package io.sallyport.agent.session;

import org.jspecify.annotations.NullMarked;
