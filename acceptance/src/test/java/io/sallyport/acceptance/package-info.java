/** The product as its users meet it: real processes, real clients, real servers. */
@NullMarked
package io.sallyport.acceptance;

import org.jspecify.annotations.NullMarked;
