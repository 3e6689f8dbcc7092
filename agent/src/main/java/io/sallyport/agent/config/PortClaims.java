package io.sallyport.agent.config;

import io.sallyport.process.Ports;
import io.sallyport.process.yaml.Section;
import io.sallyport.protocol.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which service has which ports of the gateway; tells of ports that two of them want. */
final class PortClaims {
    private final List<Claim> claims = new ArrayList<>();
    private final List<OriginPorts> origins = new ArrayList<>();

    /** Ports on one address of the gateway. */
    private sealed interface Claim {
        String service();

        InetAddress address();

        Ports ports();

        default boolean meets(Claim other) {
            boolean sameFamily = address().getClass() == other.address().getClass();
            return ports().overlaps(other.ports())
                    && (address().equals(other.address())
                            || (sameFamily
                                    && (address().isAnyLocalAddress()
                                            || other.address().isAnyLocalAddress())));
        }
    }

    private record Listener(String service, Endpoint endpoint) implements Claim {
        @Override
        public InetAddress address() {
            return endpoint.address();
        }

        @Override
        public Ports ports() {
            return new Ports(endpoint.port(), endpoint.port());
        }
    }

    private record Passive(String service, InetAddress address, Ports ports) implements Claim {}

    private record OriginPorts(String service, String host, Ports ports) {}

    void listeners(ServiceConfig service, Section section) {
        for (Endpoint endpoint : service.listen()) {
            if (endpoint.port() == 0) {
                continue;
            }
            var claim = new Listener(service.name(), endpoint);
            taken(claim)
                    .ifPresent(other ->
                            section.fault(
                                    "listen",
                                    endpoint
                                            + " is taken by service "
                                            + other.service()
                                            + switch (other) {
                                                case Listener _ -> "";
                                                case Passive passive ->
                                                        ", whose passive ports are "
                                                                + passive.ports();
                                            }
                                            + ": choose another port"));
            claims.add(claim);
        }
    }

    /** On all addresses where the service listens, after its listeners. */
    void passivePorts(ServiceConfig service, Ports ports, Section passive) {
        List<Passive> wanted =
                service.listen().stream()
                        .map(Endpoint::address)
                        .distinct()
                        .map(address -> new Passive(service.name(), address, ports))
                        .toList();
        wanted.stream()
                .flatMap(claim -> taken(claim).stream())
                .findFirst()
                .ifPresent(other -> passive.fault("ports", ports + clash(service.name(), other)));
        claims.addAll(wanted);
    }

    private static String clash(String service, Claim other) {
        String whose =
                other.service().equals(service) ? "this service" : "service " + other.service();
        return switch (other) {
            case Listener listener ->
                    " contains a port where "
                            + whose
                            + " listens, "
                            + listener.endpoint()
                            + ": choose other ports";
            case Passive taken ->
                    " overlaps the passive ports of "
                            + whose
                            + ", "
                            + taken.ports()
                            + ": choose other ports";
        };
    }

    private Optional<Claim> taken(Claim claim) {
        return claims.stream().filter(claim::meets).findFirst();
    }

    /** Warns if data connections of two services that pass TLS through lead to the same ports. */
    void originPorts(ServiceConfig service, Ports ports, Section passive, String key) {
        String host = service.origin().host();
        origins.stream()
                .filter(other -> other.host().equals(host) && other.ports().overlaps(ports))
                .findFirst()
                .ifPresent(other ->
                        passive.warn(
                                key,
                                ports
                                        + " lead to the same ports of "
                                        + host
                                        + " as those of service "
                                        + other.service()
                                        + ", so that partners of one can meet data"
                                        + " connections of the other: give each a range of"
                                        + " its own"));
        origins.add(new OriginPorts(service.name(), host, ports));
    }
}
