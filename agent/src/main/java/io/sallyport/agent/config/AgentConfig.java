package io.sallyport.agent.config;

import io.sallyport.process.HostPort;
import io.sallyport.process.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All of agent.yaml.
 *
 * @param encryption which services' data channels are encrypted
 * @param reuse whether the TLS connection under a data channel that ended in order may carry a next
 *     one
 * @param heartbeat how often a gateway is pinged, and how long it may take to answer
 * @param connectTimeout how long dialing a gateway may take, handshake included
 * @param statusSocket the unix socket that {@code sallyport status} asks
 * @param forward how processes inside reach partners
 * @param logUsers whether names of FTP users appear in the log
 */
public record AgentConfig(
        String name,
        List<HostPort> gateways,
        TlsFiles tls,
        Encryption encryption,
        boolean reuse,
        Duration heartbeat,
        Duration connectTimeout,
        Path statusSocket,
        boolean logUsers,
        List<ServiceConfig> services,
        ForwardConfig forward) {
    public AgentConfig {
        gateways = List.copyOf(gateways);
        services = List.copyOf(services);
    }

    /** Which data channels get a layer of encryption of their own. */
    public enum Encryption {
        /** All. */
        ALWAYS,
        /** Those of services whose protocol is not encrypted already. */
        AUTO
    }
}
