/**
 * Agents as the gateway knows them: their control channel, their data channels, what they
 * published.
 */
@NullMarked
package io.sallyport.gateway.link;

import org.jspecify.annotations.NullMarked;
