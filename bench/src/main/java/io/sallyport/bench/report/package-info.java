/** What was measured, for people and for programs. */
@NullMarked
package io.sallyport.bench.report;

import org.jspecify.annotations.NullMarked;
