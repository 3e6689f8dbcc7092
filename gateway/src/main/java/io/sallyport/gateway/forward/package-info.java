/**
 * Forward sessions: agents ask for partners, and the gateway reaches those that its policy allows.
 */
@NullMarked
package io.sallyport.gateway.forward;

import org.jspecify.annotations.NullMarked;
