package io.sallyport.agent.peer;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.process.HostPort;
import io.sallyport.process.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An agent's configuration, patient where a test does not say otherwise. */
public record Configuration(
        TlsFiles tls,
        List<HostPort> gateways,
        List<ServiceConfig> services,
        Encryption encryption,
        boolean reuse,
        Duration heartbeat,
        Duration connectTimeout) {
    private static final Duration PATIENT = Duration.ofMinutes(5);

    public static Configuration of(TlsFiles tls, HostPort gateway, ServiceConfig... services) {
        return new Configuration(
                tls,
                List.of(gateway),
                List.of(services),
                Encryption.ALWAYS,
                true,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10));
    }

    public AgentConfig build() {
        return new AgentConfig(
                "inside-1",
                gateways,
                tls,
                encryption,
                reuse,
                heartbeat,
                connectTimeout,
                Path.of("unused.sock"),
                false,
                services,
                ForwardConfig.NONE);
    }

    public Configuration dialing(HostPort... others) {
        return new Configuration(
                tls, List.of(others), services, encryption, reuse, heartbeat, connectTimeout);
    }

    public Configuration serving(ServiceConfig... others) {
        return new Configuration(
                tls, gateways, List.of(others), encryption, reuse, heartbeat, connectTimeout);
    }

    public Configuration encrypting(Encryption other) {
        return new Configuration(tls, gateways, services, other, reuse, heartbeat, connectTimeout);
    }

    public Configuration withoutReuse() {
        return new Configuration(
                tls, gateways, services, encryption, false, heartbeat, connectTimeout);
    }

    public Configuration beating(Duration other) {
        return new Configuration(tls, gateways, services, encryption, reuse, other, connectTimeout);
    }

    public Configuration waiting(Duration other) {
        return new Configuration(tls, gateways, services, encryption, reuse, heartbeat, other);
    }

    /** Files over SFTP, at port 22 of the gateway. */
    public static ServiceConfig files(HostPort origin) {
        return service("files", ServiceProtocol.SFTP, origin, ProxyProtocol.NONE);
    }

    public static ServiceConfig service(
            String name, ServiceProtocol protocol, HostPort origin, ProxyProtocol header) {
        return new ServiceConfig(
                name,
                protocol,
                List.of(FakeSession.endpoint("198.51.100.1", 22)),
                origin,
                header,
                List.of(),
                List.of(),
                List.of(),
                100,
                PATIENT,
                PATIENT,
                Duration.ofSeconds(10),
                null);
    }
}
