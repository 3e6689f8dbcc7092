@NullMarked
package io.sallyport.process.password;

import org.jspecify.annotations.NullMarked;
