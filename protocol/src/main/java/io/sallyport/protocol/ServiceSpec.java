package io.sallyport.protocol;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway has to know of a service, and no more: the origin stays with the agent.
 *
 * @param name unique within the agent
 * @param kind how its sessions are carried
 * @param listeners where the gateway listens; a port of 0 takes a free one
 * @param allow networks whose partners may come; empty means all
 * @param deny networks whose partners may not come, even if allowed
 * @param proxyProtocolFrom networks whose connections begin with a PROXY protocol header; empty
 *     means none
 * @param maxSessions sessions of this service at once
 * @param idleTimeout ends a session that moves no byte; a whole number of milliseconds, as all
 *     durations here
 * @param halfCloseTimeout ends a session of which one direction has ended and the other moves no
 *     byte
 * @param dataPorts where its data connections may come in, on the addresses of the listeners
 */
public record ServiceSpec(
        String name,
        ChannelKind kind,
        List<Endpoint> listeners,
        List<Network> allow,
        List<Network> deny,
        List<Network> proxyProtocolFrom,
        int maxSessions,
        Duration idleTimeout,
        Duration halfCloseTimeout,
        @Nullable DataPorts dataPorts) {
    public ServiceSpec {
        listeners = List.copyOf(listeners);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
    }
}
