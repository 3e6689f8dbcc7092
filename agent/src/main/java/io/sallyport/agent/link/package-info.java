/** The agent's way to its gateways: control channels and data channels, all dialed from here. */
@NullMarked
package io.sallyport.agent.link;

import org.jspecify.annotations.NullMarked;
