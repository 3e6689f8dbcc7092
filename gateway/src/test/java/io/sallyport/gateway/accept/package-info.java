@NullMarked
package io.sallyport.gateway.accept;

import org.jspecify.annotations.NullMarked;
