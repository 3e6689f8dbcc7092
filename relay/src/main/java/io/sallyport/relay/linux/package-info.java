/** What is asked of Linux itself, past the JDK, through the foreign function interface. */
@NullMarked
package io.sallyport.relay.linux;

import org.jspecify.annotations.NullMarked;
