/** A private certificate authority and the identities of gateways and agents. */
@NullMarked
package io.sallyport.cli.pki;

import org.jspecify.annotations.NullMarked;
