/** TLS between gateway and agent: 1.3 only, both sides authenticated. */
@NullMarked
package io.sallyport.relay.tls;

import org.jspecify.annotations.NullMarked;
