@NullMarked
package io.sallyport.relay.linux;

import org.jspecify.annotations.NullMarked;
