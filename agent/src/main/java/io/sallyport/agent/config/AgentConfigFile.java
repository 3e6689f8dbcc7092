package io.sallyport.agent.config;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.Values;
import io.sallyport.process.yaml.YamlFile;
import io.sallyport.protocol.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads agent.yaml. Its keys are described in docs/configuration.md. */
public final class AgentConfigFile {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration CONNECT_LONGEST = Duration.ofMinutes(1);
    private static final Duration SILENCE_LONGEST = Duration.ofDays(30);
    private static final int SESSIONS_MAX = 10_000;

    private AgentConfigFile() {}

    /**
     * Reads the file and checks the files that it names.
     *
     * @throws ConfigurationException with every fault
     */
    public static AgentConfig read(Path file) throws ConfigurationException {
        return read(file, _ -> {});
    }

    /**
     * The same.
     *
     * @param warning hears of what may not be what was meant, one sentence each, even if there are
     *     faults
     */
    public static AgentConfig read(Path file, Consumer<String> warning)
            throws ConfigurationException {
        return read(file, NamedFiles.CHECKED, warning);
    }

    /** With another look at the files that it names. */
    static AgentConfig read(Path file, NamedFiles files, Consumer<String> warning)
            throws ConfigurationException {
        Section root = YamlFile.read(file);
        AgentConfig config = read(root, files);
        root.faults().warnings().forEach(warning);
        root.faults().throwIfAny();
        return config;
    }

    private static AgentConfig read(Section root, NamedFiles files) {
        Section agent = root.section("agent");
        String name = agent.value("name", Values.NAME_VALUE);
        var gateways = agent.requiredList("gateways", Values.HOST_AND_PORT);
        if (gateways.stream().distinct().count() < gateways.size()) {
            agent.fault("gateways", "names a gateway twice");
        }
        TlsFiles tls = tls(agent, name, files);
        Encryption encryption =
                agent.value("encryption", Values.word(Encryption.class), Encryption.ALWAYS);
        boolean reuse = agent.value("reuse", Values.BOOLEAN, true);
        Duration heartbeat =
                agent.value(
                        "heartbeat",
                        Values.duration(SECOND, Duration.ofMinutes(5)),
                        Duration.ofSeconds(10));
        Duration connectTimeout =
                agent.value(
                        "connect-timeout",
                        Values.duration(SHORTEST, CONNECT_LONGEST),
                        Duration.ofSeconds(10));
        Path statusSocket =
                agent.value("status-socket", Values.FILE, StatusSocket.defaultPath(name));
        boolean logUsers = agent.value("log-users", Values.BOOLEAN, false);
        agent.end();
        List<ServiceConfig> services =
                services(root.optionalSection("services"), connectTimeout, files);
        ForwardConfig forward = ForwardReader.read(root.optionalSection("forward"), files);
        root.end();
        return new AgentConfig(
                name,
                gateways,
                tls,
                encryption,
                reuse,
                heartbeat,
                connectTimeout,
                statusSocket,
                logUsers,
                services,
                forward);
    }

    private static TlsFiles tls(Section agent, String name, NamedFiles files) {
        Section tls = agent.section("tls");
        var identity =
                new TlsFiles(
                        tls.value("certificate", Values.FILE),
                        tls.value("key", Values.FILE),
                        tls.value("trust", Values.FILE));
        tls.end();
        files.identity(identity, agent.isSound("name") ? name : null, tls);
        return identity;
    }

    private static List<ServiceConfig> services(
            Section section, Duration connectTimeout, NamedFiles files) {
        List<ServiceConfig> services = new ArrayList<>();
        var claims = new PortClaims();
        for (String name : section.keys()) {
            Section service = section.section(name);
            if (!isName(name)) {
                service.fault("", "the service's name must be " + Values.NAME_VALUE.wanted());
            }
            ServiceConfig read = service(name, service, connectTimeout);
            claims.listeners(read, service);
            services.add(read.with(FtpReader.read(service, read, files, claims)));
            service.end();
        }
        return services;
    }

    private static boolean isName(String name) {
        try {
            return Values.NAME_VALUE.parse(name, Path.of("")).equals(name);
        } catch (IllegalArgumentException unfit) {
            return false;
        }
    }

    private static ServiceConfig service(String name, Section service, Duration connectTimeout) {
        List<Endpoint> listen = service.requiredList("listen", Values.ENDPOINT);
        return new ServiceConfig(
                name,
                service.value("protocol", Values.word(ServiceProtocol.class)),
                listen,
                service.value("origin", Values.HOST_AND_PORT),
                service.value(
                        "proxy-protocol", Values.word(ProxyProtocol.class), ProxyProtocol.NONE),
                service.list("accept-proxy-protocol", Values.NETWORK),
                service.list("allow", Values.NETWORK),
                service.list("deny", Values.NETWORK),
                service.value("max-sessions", Values.number(1, 1_000_000), SESSIONS_MAX),
                service.value(
                        "idle-timeout",
                        Values.duration(SHORTEST, SILENCE_LONGEST),
                        Duration.ofHours(1)),
                service.value(
                        "half-close-timeout",
                        Values.duration(SHORTEST, SILENCE_LONGEST),
                        Duration.ofMinutes(5)),
                service.value(
                        "connect-timeout",
                        Values.duration(SHORTEST, CONNECT_LONGEST),
                        connectTimeout),
                null);
    }
}
