@NullMarked
package io.sallyport.process;

import org.jspecify.annotations.NullMarked;
