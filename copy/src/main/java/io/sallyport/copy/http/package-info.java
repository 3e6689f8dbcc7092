/** HTTP and HTTPS, by java.net.http. */
@NullMarked
package io.sallyport.copy.http;

import org.jspecify.annotations.NullMarked;
