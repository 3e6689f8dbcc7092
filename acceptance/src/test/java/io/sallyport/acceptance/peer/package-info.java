/** Partners and origins: those written for the tests, and real servers from the system. */
@NullMarked
package io.sallyport.acceptance.peer;

import org.jspecify.annotations.NullMarked;
