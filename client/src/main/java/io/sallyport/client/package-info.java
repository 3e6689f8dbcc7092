/** Sends any Java client through an agent's forward proxy; see docs/client.md. */
@NullMarked
package io.sallyport.client;

import org.jspecify.annotations.NullMarked;
