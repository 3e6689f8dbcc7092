/** Making connections: names into addresses, and addresses into the first that answers. */
@NullMarked
package io.sallyport.relay.dial;

import org.jspecify.annotations.NullMarked;
