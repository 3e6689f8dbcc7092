package io.sallyport.process.destination;

import io.sallyport.process.Ports;
import io.sallyport.protocol.Network;
import java.util.regex.Pattern;

/** One line of a policy: names or addresses, and ports. */
public sealed interface DestinationRule {
    Ports ports();

    /** Whether it is about this port; 0 stands for any. */
    default boolean covers(int port) {
        return port == 0 || ports().contains(port);
    }

    /**
     * Names as they are asked for.
     *
     * @param pattern {@code *} for every name and every public address, {@code *.partner.example}
     *     for all names below that, or one name
     */
    record OfName(String pattern, Ports ports) implements DestinationRule {
        private static final Pattern FORM =
                Pattern.compile("\\*|(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?");

        public OfName {
            if (!FORM.matcher(pattern).matches()) {
                throw new IllegalArgumentException(
                        "a * stands alone or before the first dot: *.partner.example");
            }
        }

        boolean matches(Destination destination) {
            if (pattern.equals("*")) {
                return true;
            }
            if (destination.literal() != null) {
                return false;
            }
            return pattern.startsWith("*.")
                    ? destination.host().endsWith(pattern.substring(1))
                    : destination.host().equals(pattern);
        }
    }

    /** Addresses: the only rule that lets anybody reach what is not public. */
    record OfNetwork(Network network, Ports ports) implements DestinationRule {}
}
