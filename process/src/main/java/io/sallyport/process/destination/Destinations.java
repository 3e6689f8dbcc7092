package io.sallyport.process.destination;

import io.sallyport.process.destination.DestinationRule.OfName;
import io.sallyport.process.destination.DestinationRule.OfNetwork;
import java.net.InetAddress;
import java.util.List;

/** Where sessions may lead. What no rule names is refused. */
public record Destinations(List<DestinationRule> rules) {
    public static final Destinations NONE = new Destinations(List.of());

    public Destinations {
        rules = List.copyOf(rules);
    }

    /** Whether the name, or the address if that was asked for, is allowed; nothing is resolved. */
    public boolean allowAsAsked(Destination destination) {
        InetAddress literal = destination.literal();
        return literal == null
                ? allowName(destination)
                : allow(destination, literal, PublicAddress.is(literal));
    }

    /** Whether some address of the destination might be allowed, so that resolving it has a use. */
    public boolean mayAllow(Destination destination) {
        return allowName(destination)
                || rules.stream()
                        .anyMatch(rule ->
                                rule instanceof OfNetwork && rule.covers(destination.port()));
    }

    /**
     * Whether a session may lead to an address of a destination. One that is not public must be
     * within a network that a rule names, whatever is said of names.
     *
     * @param isPublic whether the address is one that anybody may reach; the caller's own is not
     */
    public boolean allow(Destination destination, InetAddress address, boolean isPublic) {
        boolean named =
                rules.stream()
                        .anyMatch(rule ->
                                rule instanceof OfNetwork(var network, _)
                                        && network.contains(address)
                                        && rule.covers(destination.port()));
        return named || (isPublic && allowName(destination));
    }

    private boolean allowName(Destination destination) {
        return rules.stream()
                .anyMatch(rule ->
                        rule instanceof OfName name
                                && name.matches(destination)
                                && rule.covers(destination.port()));
    }
}
