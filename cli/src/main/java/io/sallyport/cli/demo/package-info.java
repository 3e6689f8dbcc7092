/** The demo: a whole installation in one process. */
@NullMarked
package io.sallyport.cli.demo;

import org.jspecify.annotations.NullMarked;
