/** A partner's server: where it is, how it is reached, and what all protocols can do alike. */
@NullMarked
package io.sallyport.copy.remote;

import org.jspecify.annotations.NullMarked;
