/** Copies files to and from partners; see docs/copy.md. One thread per copy, blocking. */
@NullMarked
package io.sallyport.copy;

import org.jspecify.annotations.NullMarked;
