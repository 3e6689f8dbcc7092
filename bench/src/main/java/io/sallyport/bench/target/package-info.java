/** The chains that are measured: the product, its peers, and nothing in between. */
@NullMarked
package io.sallyport.bench.target;

import org.jspecify.annotations.NullMarked;
