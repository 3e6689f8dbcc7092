@NullMarked
package io.sallyport.process.log;

import org.jspecify.annotations.NullMarked;
