/** The bench: measures the built product and its peers from outside, as processes. */
@NullMarked
package io.sallyport.bench;

import org.jspecify.annotations.NullMarked;
