package io.sallyport.agent.config;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.TlsFiles;
import io.sallyport.process.identity.Identity;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.Values;
import io.sallyport.process.yaml.YamlFile;
import io.sallyport.protocol.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        return read(file, Identity::check);
    }

    /** With another look at the files that it names. */
    static AgentConfig read(Path file, Identity.Check check) throws ConfigurationException {
        Section root = YamlFile.read(file);
        AgentConfig config = read(root, check);
        root.faults().throwIfAny();
        return config;
    }

    private static AgentConfig read(Section root, Identity.Check check) {
        Section agent = root.section("agent");
        String name = agent.value("name", Values.NAME_VALUE);
        var gateways = agent.requiredList("gateways", Values.HOST_AND_PORT);
        if (gateways.stream().distinct().count() < gateways.size()) {
            agent.fault("gateways", "names a gateway twice");
        }
        TlsFiles tls = tls(agent, name, check);
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
        agent.end();
        List<ServiceConfig> services = services(root.optionalSection("services"), connectTimeout);
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
                services);
    }

    private static TlsFiles tls(Section agent, String name, Identity.Check check) {
        Section tls = agent.section("tls");
        var files =
                new TlsFiles(
                        tls.value("certificate", Values.FILE),
                        tls.value("key", Values.FILE),
                        tls.value("trust", Values.FILE));
        tls.end();
        check.check(files, Identity.Purpose.AGENT, agent.isSound("name") ? name : null, tls);
        return files;
    }

    private static List<ServiceConfig> services(Section section, Duration connectTimeout) {
        List<ServiceConfig> services = new ArrayList<>();
        Map<Endpoint, String> taken = new HashMap<>();
        for (String name : section.keys()) {
            Section service = section.section(name);
            if (!isName(name)) {
                service.fault("", "the service's name must be " + Values.NAME_VALUE.wanted());
            }
            ServiceConfig read = service(name, service, connectTimeout);
            services.add(read);
            for (Endpoint listener : read.listen()) {
                String other = listener.port() == 0 ? null : overlapping(listener, taken);
                if (other != null) {
                    service.fault(
                            "listen",
                            listener + " is taken by service " + other + ": choose another port");
                }
                taken.put(listener, name);
            }
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

    /**
     * The service that listens on the same port of the same address, or of all addresses of its
     * family.
     */
    private static @Nullable String overlapping(Endpoint listener, Map<Endpoint, String> taken) {
        return taken.entrySet().stream()
                .filter(entry -> overlap(entry.getKey(), listener))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        boolean sameFamily = one.address().getClass() == other.address().getClass();
        return one.port() == other.port()
                && (one.address().equals(other.address())
                        || (sameFamily
                                && (one.address().isAnyLocalAddress()
                                        || other.address().isAnyLocalAddress())));
    }

    private static ServiceConfig service(String name, Section service, Duration connectTimeout) {
        List<Endpoint> listen = service.requiredList("listen", Values.ENDPOINT);
        var read =
                new ServiceConfig(
                        name,
                        service.value("protocol", Values.word(ServiceProtocol.class)),
                        listen,
                        service.value("origin", Values.HOST_AND_PORT),
                        service.value(
                                "proxy-protocol",
                                Values.word(ProxyProtocol.class),
                                ProxyProtocol.NONE),
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
                                connectTimeout));
        service.end();
        return read;
    }
}
