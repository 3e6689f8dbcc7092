package io.sallyport.acceptance.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One gateway and one agent as two processes on this host, with their configuration; and another
 * agent if a test wants one.
 */
public final class Deployment implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final String LOCAL = "127.0.0.1";

    private final Path directory;
    private final Encryption encryption;
    private final int agentsPort = Ports.free();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, Service> otherServices = new LinkedHashMap<>();
    private int dialedPort = agentsPort;
    private String listenerPolicy = "[\"0.0.0.0:1-65535\", \"[::]:1-65535\"]";
    private String limits = "";
    private String destinations = "[]";
    private String forward = "";
    private List<String> gatewayLauncher = List.of();
    private @Nullable RunningProcess gateway;
    private @Nullable RunningProcess agent;
    private @Nullable RunningProcess otherAgent;

    /** Prepares the directory; nothing runs yet. */
    public Deployment(Path directory, Encryption encryption) {
        this.directory = directory;
        this.encryption = encryption;
        Identities.copyTo(directory);
    }

    /** Where the gateway waits for agents. */
    public int agentsPort() {
        return agentsPort;
    }

    /** Has the agent dial another port than the gateway's: that of something in between. */
    public Deployment dialing(int port) {
        dialedPort = port;
        return this;
    }

    /** The YAML list of listeners that the gateway's policy allows. */
    public Deployment allowingListeners(String yamlList) {
        listenerPolicy = yamlList;
        return this;
    }

    /** The YAML list of destinations that the gateway's policy allows. */
    public Deployment allowingDestinations(String yamlList) {
        destinations = yamlList;
        return this;
    }

    /** The YAML mapping of the agent's entries for processes inside. */
    public Deployment forwarding(String yamlMapping) {
        forward = "forward: " + yamlMapping + "\n";
        return this;
    }

    /** The YAML mapping of the gateway's limits that differ from the defaults. */
    public Deployment limits(String yamlMapping) {
        limits = "limits: " + yamlMapping + "\n";
        return this;
    }

    /** A command in front of the gateway's, as {@code prlimit} is. */
    public Deployment gatewayUnder(String... command) {
        gatewayLauncher = List.of(command);
        return this;
    }

    /** Adds services to the agent's configuration, or replaces those of the same name. */
    public Deployment services(Service... more) {
        Arrays.stream(more).forEach(service -> services.put(service.name(), service));
        return this;
    }

    public Deployment withoutService(String name) {
        services.remove(name);
        return this;
    }

    /** Starts both and waits until they are connected and every service is served. */
    public Deployment start() {
        startGateway();
        startAgent();
        awaitConnected();
        awaitServing();
        return this;
    }

    /** Waits until the agent that was started last has its gateway. */
    public void awaitConnected() {
        agent().log().awaitEvent("its gateway", event -> event.event().equals("gateway connected"));
    }

    public void startGateway(String... options) {
        write("gateway.yaml", gatewayYaml());
        List<String> command = new ArrayList<>(gatewayLauncher);
        command.addAll(Commands.launch("gateway", "-c", "gateway.yaml"));
        gateway = start("gateway", command, options);
    }

    public void startAgent(String... options) {
        writeAgentYaml();
        agent = start("agent", Commands.launch("agent", "-c", "agent.yaml"), options);
    }

    /** Starts an agent with an identity of its own, which dials the gateway without a detour. */
    public void startOtherAgent(Service... published) {
        Arrays.stream(published).forEach(service -> otherServices.put(service.name(), service));
        write("inside-2.yaml", agentYaml("inside-2", "inside-2", agentsPort, otherServices));
        otherAgent = start("other-agent", Commands.launch("agent", "-c", "inside-2.yaml"));
        awaitServing();
    }

    /** Starts again what was killed, and waits until every service is served. */
    public void restartKilled() {
        if (!gateway().isAlive()) {
            startGateway();
        }
        if (!agent().isAlive()) {
            startAgent();
        }
        awaitServing();
    }

    /** Writes the services as they are now and has the agent read them. */
    public void reload() {
        writeAgentYaml();
        agent().signal(Signal.HUP);
    }

    /** Writes any text as agent.yaml, or another file of the directory. */
    public void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    /** What agent.yaml says with the services as they are now. */
    public String agentYaml() {
        return agentYaml("inside-1", "agent", dialedPort, services);
    }

    private String agentYaml(
            String name, String files, int gatewayPort, Map<String, Service> published) {
        return """
        agent:
          name: %s
          gateways: ["%s:%d"]
          tls: {certificate: %s.crt, key: %s.key, trust: ca.crt}
          encryption: %s
          status-socket: %s.sock
        services:
        %s%s\
        """
                .formatted(
                        name,
                        LOCAL,
                        gatewayPort,
                        files,
                        files,
                        encryption,
                        files,
                        published.values().stream()
                                .map(Service::yaml)
                                .collect(Collectors.joining()),
                        forward);
    }

    public RunningProcess gateway() {
        return running(gateway);
    }

    public RunningProcess agent() {
        return running(agent);
    }

    public Status gatewayStatus() {
        return Status.ask(directory.resolve("gateway.sock"));
    }

    public Status agentStatus() {
        return Status.ask(directory.resolve("agent.sock"));
    }

    public Status otherAgentStatus() {
        return Status.ask(directory.resolve("inside-2.sock"));
    }

    /** Where the configuration and the status sockets are. */
    public Path directory() {
        return directory;
    }

    /** {@code sallyport status} of one of the two. */
    public CommandResult status(String socket, String... options) {
        List<String> command = new ArrayList<>(List.of("status", "--socket", socket));
        command.addAll(List.of(options));
        return Commands.sallyport(directory, command.toArray(String[]::new));
    }

    /** The port that the gateway listens on for a service. */
    public int port(String service) {
        return listeners(service).getFirst().port();
    }

    public List<Status.Listener> listeners(String service) {
        List<Status.Listener> found =
                gatewayStatus().listeners().stream()
                        .filter(listener -> listener.service().equals(service))
                        .toList();
        assertThat(found).as("listeners of " + service).isNotEmpty();
        return found;
    }

    /** Waits until the gateway listens for every service, and for no other. */
    public void awaitServing() {
        List<String> wanted =
                Stream.of(services, otherServices)
                        .flatMap(published -> published.values().stream())
                        .flatMap(service -> service.listen().stream().map(_ -> service.name()))
                        .sorted()
                        .toList();
        try {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> openServices().equals(wanted));
        } catch (ConditionTimeoutException notServing) {
            throw new AssertionError(
                    "not serving %s%n%s%n%s".formatted(wanted, gateway().log(), agent().log()),
                    notServing);
        }
    }

    /** What both hold at rest; taken before a test and given to {@link #awaitBackAt} after. */
    public Footprint footprint() {
        return footprintWith(0);
    }

    /** What both hold while so many sessions last in which nothing happens. */
    public Footprint footprintWith(int sessions) {
        return Footprint.atRest(this, sessions);
    }

    /** Waits until descriptors, sessions, listeners and data channels are back where they were. */
    public void awaitBackAt(Footprint before) {
        before.awaitIn(this);
    }

    @Override
    public void close() {
        if (otherAgent != null) {
            otherAgent.close();
        }
        if (agent != null) {
            agent.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    private List<String> openServices() {
        return gatewayStatus().listeners().stream()
                .filter(Status.Listener::isOpen)
                .map(Status.Listener::service)
                .sorted()
                .toList();
    }

    private RunningProcess start(String name, List<String> launch, String... options) {
        List<String> command = new ArrayList<>(launch);
        command.addAll(List.of("--log-format", "json"));
        command.addAll(List.of(options));
        return RunningProcess.start(name, directory, Commands.environment(), command);
    }

    private String gatewayYaml() {
        return """
        gateway:
          name: dmz-1
          listen: %s:%d
          tls: {certificate: gateway.crt, key: gateway.key, trust: ca.crt}
          status-socket: gateway.sock
        policy:
          listeners: %s
          destinations: %s
        %s\
        """
                .formatted(LOCAL, agentsPort, listenerPolicy, destinations, limits);
    }

    private void writeAgentYaml() {
        write("agent.yaml", agentYaml());
    }

    private static RunningProcess running(@Nullable RunningProcess process) {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }
}
