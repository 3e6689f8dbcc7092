@NullMarked
package io.sallyport.relay.dial;

import org.jspecify.annotations.NullMarked;
