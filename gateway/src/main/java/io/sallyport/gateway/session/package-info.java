/** Sessions from accept to end, and the limits on them. */
@NullMarked
package io.sallyport.gateway.session;

import org.jspecify.annotations.NullMarked;
