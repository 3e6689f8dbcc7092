/** The command line: one class per command. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
