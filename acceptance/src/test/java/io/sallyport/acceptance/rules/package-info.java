/** Rules of the repository that a machine can keep. */
@NullMarked
package io.sallyport.acceptance.rules;

import org.jspecify.annotations.NullMarked;
