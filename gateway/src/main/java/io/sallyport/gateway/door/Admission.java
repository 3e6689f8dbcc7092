package io.sallyport.gateway.door;

import io.netty.handler.ssl.SslContext;
import io.sallyport.gateway.link.AgentLinks;
import java.time.Duration;

/**
 * What one connection at the agents' port needs to come in.
 *
 * @param deadline from the first moment until it has proved who it is
 * @param onProved runs when it has
 */
record Admission(AgentLinks links, SslContext tls, Duration deadline, Runnable onProved) {}
