package io.sallyport.bench.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The product, started as an administrator starts it.
 *
 * @param encryption as in agent.yaml; the service counts as encrypted, so that {@code auto} gives
 *     plain data channels
 */
public record Sallyport(Path root, String encryption, Identity identity) implements Target {
    @Override
    public String name() {
        return encryption.equals("auto") ? "sallyport" : "sallyport-tls";
    }

    @Override
    public String description() {
        return encryption.equals("auto")
                ? "gateway and agent, encryption: auto (plain data channels)"
                : "gateway and agent, encryption: always (encrypted data channels, mutual TLS 1.3)";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return Plan.start(
                directory,
                roundTrip,
                plan -> {
                    int agents = Server.freePort();
                    int partners = Server.freePort();
                    startGateway(plan, agents);
                    int dialed = plan.behindNetwork(agents);
                    plan.write("agent.yaml", agentYaml(dialed, partners, originPort));
                    Server agent = plan.start("agent", Map.of(), command("agent"));
                    agent.awaitListening(partners);
                    return partners;
                });
    }

    /** Starts another agent in the place of one that was ended. */
    public Server startAgent(Path directory) {
        return Server.start("agent", directory, Map.of(), command("agent"));
    }

    /** A gateway without an agent; returns when agents can reach it. */
    public Chain startGateway(Path directory) {
        return Plan.start(
                directory,
                Duration.ZERO,
                plan -> {
                    int agents = Server.freePort();
                    startGateway(plan, agents).awaitListening(agents);
                    return agents;
                });
    }

    private Server startGateway(Plan plan, int agents) {
        identity.files().forEach(plan::copy);
        plan.write("gateway.yaml", gatewayYaml(agents));
        return plan.start("gateway", Map.of(), command("gateway"));
    }

    private List<String> command(String which) {
        return List.of(root.resolve("sallyport").toString(), which, "-c", which + ".yaml");
    }

    private static String gatewayYaml(int agents) {
        return """
        gateway:
          name: dmz-1
          listen: 127.0.0.1:%d
          status-socket: gateway.sock
          tls: {certificate: gateway.crt, key: gateway.key, trust: ca.crt}
        policy:
          listeners: ["127.0.0.1:1-65535"]
        limits:
          sessions: 30000
          sessions-per-address: 30000
          new-sessions-per-second-per-address: 1000000
          parked-partners: 30000
          handshakes-per-address: 1024
        """
                .formatted(agents);
    }

    private String agentYaml(int gateway, int partners, int origin) {
        return """
        agent:
          name: inside-1
          gateways: ["127.0.0.1:%d"]
          status-socket: agent.sock
          encryption: %s
          tls: {certificate: agent.crt, key: agent.key, trust: ca.crt}
        services:
          bench: {protocol: sftp, listen: "127.0.0.1:%d", origin: "127.0.0.1:%d", max-sessions: 30000}
        """
                .formatted(gateway, encryption, partners, origin);
    }
}
