/** The product under mixed work for long, and what it holds afterwards. */
@NullMarked
package io.sallyport.bench.soak;

import org.jspecify.annotations.NullMarked;
