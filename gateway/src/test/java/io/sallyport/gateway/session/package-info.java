@NullMarked
package io.sallyport.gateway.session;

import org.jspecify.annotations.NullMarked;
