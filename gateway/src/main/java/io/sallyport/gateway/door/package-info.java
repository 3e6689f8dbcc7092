/** The agents' port: who comes in, how many at once, and for how long unproved. */
@NullMarked
package io.sallyport.gateway.door;

import org.jspecify.annotations.NullMarked;
