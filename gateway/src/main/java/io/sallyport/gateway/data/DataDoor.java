package io.sallyport.gateway.data;

import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.protocol.DataPorts;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The held data ports of all services: lets in who has a session of the service, and resets
 * strangers. Used on the core loop only.
 */
public final class DataDoor {
    private final Loops loops;
    private final Sessions sessions;
    private final Map<Place, Held> held = new HashMap<>();
    private final Strangers strangers = new Strangers();

    /** A service listens at several ports of one address, but holds the data ports once. */
    private record Place(String agent, String service, InetAddress address) {}

    public DataDoor(Loops loops, Sessions sessions) {
        this.loops = loops;
        this.sessions = sessions;
    }

    public int count() {
        return held.values().stream().mapToInt(one -> one.ports.count()).sum();
    }

    /**
     * Holds what the services of an agent ask for, and nothing else of that agent.
     *
     * @param outcome hears which services can't have their ports, and why
     */
    public void publish(
            AgentLink agent, List<ServiceSpec> services, Consumer<Map<String, String>> outcome) {
        Set<Place> wanted = new HashSet<>();
        List<Runnable> openings = new ArrayList<>();
        Map<String, String> faults = new HashMap<>();
        int[] left = {1};
        Runnable settle =
                () -> {
                    left[0]--;
                    if (left[0] == 0) {
                        outcome.accept(faults);
                    }
                };
        for (ServiceSpec service : services) {
            DataPorts ports = service.dataPorts();
            if (ports == null || !ports.held()) {
                continue;
            }
            for (Endpoint listener : service.listeners()) {
                var place = new Place(agent.name(), service.name(), listener.address());
                if (wanted.add(place)) {
                    left[0]++;
                    openings.add(() ->
                            hold(
                                    place,
                                    agent,
                                    service,
                                    ports,
                                    why -> {
                                        if (why != null) {
                                            faults.putIfAbsent(service.name(), why);
                                        }
                                        settle.run();
                                    }));
                }
            }
        }
        close(place -> place.agent().equals(agent.name()) && !wanted.contains(place));
        openings.forEach(Runnable::run);
        settle.run();
    }

    private void hold(
            Place place,
            AgentLink agent,
            ServiceSpec service,
            DataPorts ports,
            Consumer<@Nullable String> outcome) {
        Held one = held.computeIfAbsent(place, _ -> new Held(place.address()));
        one.agent = agent;
        one.service = service;
        one.ports.hold(ports, outcome);
    }

    public void forget(AgentLink agent) {
        close(place -> place.agent().equals(agent.name()));
    }

    public void close() {
        close(_ -> true);
    }

    private void close(Predicate<Place> which) {
        held.entrySet()
                .removeIf(entry -> {
                    if (which.test(entry.getKey())) {
                        entry.getValue().ports.close();
                        return true;
                    }
                    return false;
                });
    }

    /** The ports of one service at one address. */
    private final class Held {
        private final HeldPorts ports;
        private @Nullable AgentLink agent;
        private @Nullable ServiceSpec service;

        Held(InetAddress address) {
            ports = new HeldPorts(loops.core(), address, this::accept);
        }

        private void accept(TcpChannel connection) {
            var remote = connection.remoteAddress();
            var local = connection.localAddress();
            if (remote == null || local == null || agent == null || service == null) {
                connection.reset();
            } else if (sessions.hasSessionFrom(agent, service, remote.getAddress())) {
                sessions.acceptedData(
                        connection,
                        agent,
                        service,
                        Endpoint.of(remote),
                        Endpoint.of(local),
                        null,
                        null);
            } else {
                connection.reset();
                strangers.refused(service, Endpoint.of(remote), Endpoint.of(local));
            }
        }
    }
}
