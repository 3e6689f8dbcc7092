/** Where processes inside come in to reach partners: SOCKS, HTTP and tunnels. */
@NullMarked
package io.sallyport.agent.forward;

import org.jspecify.annotations.NullMarked;
