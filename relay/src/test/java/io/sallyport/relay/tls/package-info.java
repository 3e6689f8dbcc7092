@NullMarked
package io.sallyport.relay.tls;

import org.jspecify.annotations.NullMarked;
