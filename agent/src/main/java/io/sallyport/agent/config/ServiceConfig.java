package io.sallyport.agent.config;

import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param ftp there if, and only if, the protocol is one of FTP's
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
        Duration connectTimeout,
        @Nullable FtpConfig ftp) {
    public ServiceConfig {
        listen = List.copyOf(listen);
        acceptProxyProtocol = List.copyOf(acceptProxyProtocol);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    ServiceConfig with(@Nullable FtpConfig ftp) {
        return new ServiceConfig(
                name,
                protocol,
                listen,
                origin,
                proxyProtocol,
                acceptProxyProtocol,
                allow,
                deny,
                maxSessions,
                idleTimeout,
                halfCloseTimeout,
                connectTimeout,
                ftp);
    }

    /** Whether partner and origin encrypt end to end. */
    public boolean encrypted() {
        return switch (protocol) {
            case SFTP, HTTPS -> true;
            case HTTP, TCP -> false;
            // Where TLS ends at the agent, data connections may come without it (PROT C).
            case FTP, FTPS, FTPS_IMPLICIT ->
                    ftp != null && ftp.tls() instanceof PartnerTls.PassThrough;
        };
    }

    /** What a service speaks. */
    public enum ServiceProtocol {
        SFTP,
        FTP,
        /** With TLS from AUTH TLS on. */
        FTPS,
        /** With TLS from the first byte on. */
        FTPS_IMPLICIT,
        HTTP,
        HTTPS,
        TCP;

        /** Whether it has data connections beside its sessions. */
        public boolean isFtp() {
            return switch (this) {
                case FTP, FTPS, FTPS_IMPLICIT -> true;
                case SFTP, HTTP, HTTPS, TCP -> false;
            };
        }
    }

    /** The PROXY protocol header that an origin is sent. */
    public enum ProxyProtocol {
        NONE,
        V1,
        V2
    }
}
