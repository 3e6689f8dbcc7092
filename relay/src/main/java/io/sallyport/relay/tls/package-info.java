/**
 * TLS between gateway and agent (1.3 only, both sides authenticated), and TLS that ends at the
 * agent: on the legs of an FTP session, towards partners and towards the origin.
 */
@NullMarked
package io.sallyport.relay.tls;

import org.jspecify.annotations.NullMarked;
