/** The files of an identity, checked before they are used. */
@NullMarked
package io.sallyport.process.identity;

import org.jspecify.annotations.NullMarked;
