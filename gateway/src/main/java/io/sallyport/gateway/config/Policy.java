package io.sallyport.gateway.config;

import io.sallyport.process.destination.Destination;
import io.sallyport.process.destination.Destinations;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the gateway's operator allows agents to ask of this host.
 *
 * @param agents names of agents that may come; empty means every agent with a certificate of the
 *     authority
 * @param listeners where agents may have the gateway listen
 * @param destinations where else than to a session's own partner agents may have the gateway
 *     connect
 */
public record Policy(List<String> agents, List<PortsRule> listeners, Destinations destinations) {
    public Policy {
        agents = List.copyOf(agents);
        listeners = List.copyOf(listeners);
    }

    public boolean allowsAgent(String name) {
        return agents.isEmpty() || agents.contains(name);
    }

    public boolean allowsListener(Endpoint listener) {
        return listeners.stream().anyMatch(rule -> rule.covers(listener));
    }

    /** Whether every port of a range is allowed there. */
    public boolean allowsListeners(InetAddress address, int firstPort, int lastPort) {
        return IntStream.rangeClosed(firstPort, lastPort)
                .allMatch(port -> allowsListener(new Endpoint(address, port)));
    }

    /** Whether agents may have the gateway connect to an address. */
    public boolean allowsDestination(Endpoint destination) {
        var address = destination.address();
        return destinations.allowAsAsked(
                new Destination(address.getHostAddress(), address, destination.port()));
    }

    /** {@code 0.0.0.0:1-65535}: addresses within a network and a range of ports. */
    public record PortsRule(Network network, int firstPort, int lastPort) {
        boolean covers(Endpoint listener) {
            return network.contains(listener.address())
                    && firstPort <= listener.port()
                    && listener.port() <= lastPort;
        }
    }
}
