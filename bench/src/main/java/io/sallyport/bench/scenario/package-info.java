/** What is measured of a chain. */
@NullMarked
package io.sallyport.bench.scenario;

import org.jspecify.annotations.NullMarked;
