/**
 * The agent's side of gateways: the control channel of each, from dialing to goodbye, and the data
 * channels that are brought when the gateway asks for them.
 */
@NullMarked
package io.sallyport.agent.link;

import org.jspecify.annotations.NullMarked;
