@NullMarked
package io.sallyport.gateway.door;

import org.jspecify.annotations.NullMarked;
