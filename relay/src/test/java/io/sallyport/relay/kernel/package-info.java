@NullMarked
package io.sallyport.relay.kernel;

import org.jspecify.annotations.NullMarked;
