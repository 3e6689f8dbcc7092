package io.sallyport.gateway.config;

import io.sallyport.process.TlsFiles;
import io.sallyport.protocol.Endpoint;
import java.nio.file.Path;
import java.time.Duration;

/**
 * All of gateway.yaml.
 *
 * @param listen where agents dial in
 * @param heartbeat how often an agent is pinged, and how long it may take to answer
 * @param statusSocket the unix socket that {@code sallyport status} asks
 */
public record GatewayConfig(
        String name,
        Endpoint listen,
        TlsFiles tls,
        Duration heartbeat,
        Path statusSocket,
        Policy policy,
        GatewayLimits limits) {}
