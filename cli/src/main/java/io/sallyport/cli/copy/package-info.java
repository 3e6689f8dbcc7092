/** {@code sallyport copy}: its arguments, its passwords, and where it shows what it does. */
@NullMarked
package io.sallyport.cli.copy;

import org.jspecify.annotations.NullMarked;
