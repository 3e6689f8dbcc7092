/** What is at both ends of every chain: the origin, those who connect, and the network's delay. */
@NullMarked
package io.sallyport.bench.load;

import org.jspecify.annotations.NullMarked;
