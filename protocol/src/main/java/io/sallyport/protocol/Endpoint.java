package io.sallyport.protocol;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An IP address and a port as they travel on the wire; never a name, so nothing has to be resolved.
 */
public record Endpoint(InetAddress address, int port) {
    public Endpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        address = withoutName(address);
    }

    public static Endpoint of(InetSocketAddress socketAddress) {
        return new Endpoint(socketAddress.getAddress(), socketAddress.getPort());
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** {@code 192.0.2.1:22} or {@code [2001:db8::1]:22}. */
    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The bare address: no name, no scope, and IPv4 where it was IPv4 mapped into IPv6. */
    static InetAddress withoutName(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("not an IP address: " + address, impossible);
        }
    }
}
