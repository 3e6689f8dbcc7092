package io.sallyport.gateway.config;

import io.sallyport.process.StatusSocket;
import io.sallyport.process.TlsFiles;
import io.sallyport.process.destination.Destinations;
import io.sallyport.process.identity.Identity;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.Values;
import io.sallyport.process.yaml.YamlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads gateway.yaml. Its keys are described in docs/configuration.md. */
public final class GatewayConfigFile {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private GatewayConfigFile() {}

    /**
     * Reads the file and checks the files that it names.
     *
     * @throws ConfigurationException with every fault
     */
    public static GatewayConfig read(Path file) throws ConfigurationException {
        return read(file, Identity::check);
    }

    /**
     * As {@link #read(Path)}, with no more than a {@linkplain Identity#glance glance} at the
     * identity, as computing signatures takes a tenth of a start.
     *
     * @throws ConfigurationException with every fault
     */
    public static GatewayConfig readForStart(Path file) throws ConfigurationException {
        return read(file, Identity::glance);
    }

    /** With another look at the files that it names. */
    static GatewayConfig read(Path file, Identity.Check check) throws ConfigurationException {
        Section root = YamlFile.read(file);
        GatewayConfig config = read(root, check);
        root.faults().throwIfAny();
        return config;
    }

    private static GatewayConfig read(Section root, Identity.Check check) {
        Section gateway = root.section("gateway");
        String name = gateway.value("name", Values.NAME_VALUE);
        var listen = gateway.value("listen", Values.ENDPOINT);
        TlsFiles tls = tls(gateway, name, check);
        Duration heartbeat =
                gateway.value(
                        "heartbeat",
                        Values.duration(SECOND, Duration.ofMinutes(5)),
                        Duration.ofSeconds(10));
        Path statusSocket =
                gateway.value("status-socket", Values.FILE, StatusSocket.defaultPath(name));
        gateway.end();
        Policy policy = policy(root.section("policy"));
        GatewayLimits limits = limits(root.optionalSection("limits"));
        root.end();
        return new GatewayConfig(name, listen, tls, heartbeat, statusSocket, policy, limits);
    }

    private static TlsFiles tls(Section gateway, String name, Identity.Check check) {
        Section tls = gateway.section("tls");
        var files =
                new TlsFiles(
                        tls.value("certificate", Values.FILE),
                        tls.value("key", Values.FILE),
                        tls.value("trust", Values.FILE));
        tls.end();
        check.check(files, Identity.Purpose.GATEWAY, name, tls);
        return files;
    }

    private static Policy policy(Section policy) {
        List<String> agents = policy.list("agents", Values.NAME_VALUE);
        var listeners = policy.requiredList("listeners", Values.PORTS_OF_NETWORK);
        var destinations = policy.list("destinations", Values.DESTINATION_RULE);
        policy.end();
        return new Policy(agents, rules(listeners), new Destinations(destinations));
    }

    private static List<Policy.PortsRule> rules(List<Values.PortsOfNetwork> written) {
        return written.stream()
                .map(ports ->
                        new Policy.PortsRule(ports.network(), ports.firstPort(), ports.lastPort()))
                .toList();
    }

    private static GatewayLimits limits(Section limits) {
        GatewayLimits usual = GatewayLimits.DEFAULT;
        var count = Values.number(1, 1_000_000);
        var read =
                new GatewayLimits(
                        limits.value("sessions", count, usual.sessions()),
                        limits.value("sessions-per-address", count, usual.sessionsPerAddress()),
                        limits.value(
                                "new-sessions-per-second-per-address",
                                count,
                                usual.newSessionsPerSecondPerAddress()),
                        limits.value("parked-partners", count, usual.parkedPartners()),
                        limits.value(
                                "park-timeout",
                                Values.duration(SECOND, Duration.ofMinutes(10)),
                                usual.parkTimeout()),
                        limits.value(
                                "agent-grace",
                                Values.duration(SECOND, Duration.ofDays(1)),
                                usual.agentGrace()),
                        limits.value("handshakes", count, usual.handshakes()),
                        limits.value("handshakes-per-address", count, usual.handshakesPerAddress()),
                        limits.value(
                                "handshake-timeout",
                                Values.duration(SECOND, Duration.ofMinutes(1)),
                                usual.handshakeTimeout()),
                        limits.value(
                                "warm-channels", Values.number(1, 10_000), usual.warmChannels()));
        limits.end();
        return read;
    }
}
