/** What processes and the machine say of themselves in /proc, and what is made of numbers. */
@NullMarked
package io.sallyport.bench.measure;

import org.jspecify.annotations.NullMarked;
