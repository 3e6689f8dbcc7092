package io.sallyport.agent.config;

import io.sallyport.process.HostPort;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.time.Duration;
import java.util.List;

/**
 * One published service.
 *
 * @param listen where the gateway listens for it
 * @param origin the real server
 * @param proxyProtocol the header that the origin expects before the first byte
 * @param acceptProxyProtocol networks whose connections to the listener begin with a PROXY protocol
 *     header
 * @param allow networks whose partners may come; empty means all
 * @param deny networks whose partners may not come, even if allowed
 * @param connectTimeout how long connecting to the origin may take
 */
public record ServiceConfig(
        String name,
        ServiceProtocol protocol,
        List<Endpoint> listen,
        HostPort origin,
        ProxyProtocol proxyProtocol,
        List<Network> acceptProxyProtocol,
        List<Network> allow,
        List<Network> deny,
        int maxSessions,
        Duration idleTimeout,
        Duration halfCloseTimeout,
        Duration connectTimeout) {
    public ServiceConfig {
        listen = List.copyOf(listen);
        acceptProxyProtocol = List.copyOf(acceptProxyProtocol);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** What a service speaks. */
    public enum ServiceProtocol {
        SFTP(true),
        HTTP(false),
        HTTPS(true),
        TCP(false);

        private final boolean encrypted;

        ServiceProtocol(boolean encrypted) {
            this.encrypted = encrypted;
        }

        /** Whether partner and origin encrypt end to end. */
        public boolean encrypted() {
            return encrypted;
        }
    }

    /** The PROXY protocol header that an origin is sent. */
    public enum ProxyProtocol {
        NONE,
        V1,
        V2
    }
}
