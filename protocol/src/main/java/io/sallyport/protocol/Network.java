package io.sallyport.protocol;

import java.net.InetAddress;
import java.util.Collection;

/**
 * A network in CIDR form. An IPv4 network also matches the IPv4-mapped form of its addresses.
 *
 * @param prefixBits how many leading bits count
 */
public record Network(InetAddress address, int prefixBits) {
    public Network {
        address = Endpoint.withoutName(address);
        if (prefixBits < 0 || prefixBits > address.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix out of range: /" + prefixBits);
        }
    }

    /** Whether one of them contains the address. */
    public static boolean anyContains(Collection<Network> networks, InetAddress candidate) {
        for (Network network : networks) {
            if (network.contains(candidate)) {
                return true;
            }
        }
        return false;
    }

    public boolean contains(InetAddress candidate) {
        byte[] network = address.getAddress();
        byte[] bytes = Endpoint.withoutName(candidate).getAddress();
        if (network.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit += 8) {
            int mask = prefixBits - bit >= 8 ? 0xff : 0xff << (8 - (prefixBits - bit)) & 0xff;
            if (((network[bit / 8] ^ bytes[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixBits;
    }
}
