package io.sallyport.process.destination;

import io.sallyport.protocol.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tells addresses of the public Internet from all others. */
public final class PublicAddress {
    /** Special-purpose blocks of IPv4 that are not globally reachable (RFC 6890), and multicast. */
    private static final List<Network> NOT_PUBLIC =
            networks(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    // Protocol assignments (Teredo among them) and documentation.
                    "2001::/23",
                    "2001:db8::/32",
                    "3fff::/20");

    /** All that is global unicast today; every other block of IPv6 is for something else. */
    private static final Network GLOBAL_UNICAST = network("2000::/3");

    private static final Network SIX_TO_FOUR = network("2002::/16");
    private static final Network NAT64 = network("64:ff9b::/96");

    private PublicAddress() {}

    /** Whether it is one; for an IPv4 address within IPv6, whether that one is. */
    public static boolean is(InetAddress address) {
        if (SIX_TO_FOUR.contains(address)) {
            return is(ipv4Within(address, 2));
        }
        if (NAT64.contains(address)) {
            return is(ipv4Within(address, 12));
        }
        boolean ipv4 = address.getAddress().length == 4;
        return (ipv4 || GLOBAL_UNICAST.contains(address))
                && !Network.anyContains(NOT_PUBLIC, address);
    }

    private static InetAddress ipv4Within(InetAddress address, int from) {
        try {
            return InetAddress.getByAddress(
                    Arrays.copyOfRange(address.getAddress(), from, from + 4));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Network> networks(String... written) {
        return Stream.of(written).map(PublicAddress::network).toList();
    }

    private static Network network(String written) {
        String[] parts = written.split("/", 2);
        return new Network(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
    }
}
