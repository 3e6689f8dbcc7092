/** Starts, asks and stops the product under test; knows its interface and nothing of its inside. */
@NullMarked
package io.sallyport.acceptance.product;

import org.jspecify.annotations.NullMarked;
