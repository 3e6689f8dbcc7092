@NullMarked
package io.sallyport.gateway.link;

import org.jspecify.annotations.NullMarked;
