@NullMarked
package io.sallyport.relay.tcp;

import org.jspecify.annotations.NullMarked;
