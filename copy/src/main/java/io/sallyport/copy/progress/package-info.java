/** How a copy tells what it does: to a person, to a log, to a program. */
@NullMarked
package io.sallyport.copy.progress;

import org.jspecify.annotations.NullMarked;
