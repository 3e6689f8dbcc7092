package io.sallyport.gateway.config;

import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.util.List;

/**
 * What the gateway's operator allows agents to ask of this host.
 *
 * @param agents names of agents that may come; empty means every agent with a certificate of the
 *     authority
 * @param listeners where agents may have the gateway listen
 */
public record Policy(List<String> agents, List<ListenerRule> listeners) {
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

    /** {@code 0.0.0.0:1-65535}: addresses within a network and a range of ports. */
    public record ListenerRule(Network network, int firstPort, int lastPort) {
        boolean covers(Endpoint listener) {
            return network.contains(listener.address())
                    && firstPort <= listener.port()
                    && listener.port() <= lastPort;
        }
    }
}
