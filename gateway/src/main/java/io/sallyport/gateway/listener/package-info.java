/** The listeners that partners reach. */
@NullMarked
package io.sallyport.gateway.listener;

import org.jspecify.annotations.NullMarked;
