@NullMarked
package io.sallyport.process.destination;

import org.jspecify.annotations.NullMarked;
