/** The process in the DMZ: owns the listeners and relays the bytes of sessions. */
@NullMarked
package io.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
