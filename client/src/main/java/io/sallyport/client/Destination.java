package io.sallyport.client;

import java.io.DataInput;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A host, as a name or an address, and a port, as RFC 1928 writes them.
 *
 * @param host a name, which is resolved at the gateway, or the text of an address
 */
record Destination(String host, int port) {
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int NAME_BYTES_MAX = 255;

    /** The name, if the address was made from one, even if it was resolved meanwhile. */
    static Destination of(SocketAddress endpoint) {
        if (!(endpoint instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("not an address of the Internet: " + endpoint);
        }
        return new Destination(address.getHostString(), address.getPort());
    }

    /** Whether the host is the text of an address, so that nothing is left to resolve. */
    boolean isAddress() {
        return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    /** The address of a host that is one; the text is never looked up. */
    InetAddress address() throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    void writeTo(ByteBuffer out) throws IOException {
        if (isAddress()) {
            byte[] address = address().getAddress();
            out.put((byte) (address.length == 4 ? IPV4 : IPV6)).put(address);
        } else {
            byte[] name = ascii(host).getBytes(StandardCharsets.US_ASCII);
            if (name.length == 0 || name.length > NAME_BYTES_MAX) {
                throw new UnknownHostException("not a host name: " + host);
            }
            out.put((byte) NAME).put((byte) name.length).put(name);
        }
        out.putShort((short) port);
    }

    private static String ascii(String name) throws UnknownHostException {
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException notAName) {
            throw new UnknownHostException("not a host name: " + name);
        }
    }

    /** Reads what stands in a reply; a name in it is not resolved. */
    static InetSocketAddress read(DataInput in) throws IOException {
        int type = in.readUnsignedByte();
        switch (type) {
            case IPV4, IPV6 -> {
                var address = new byte[type == IPV4 ? 4 : 16];
                in.readFully(address);
                return new InetSocketAddress(
                        InetAddress.getByAddress(address), in.readUnsignedShort());
            }
            case NAME -> {
                var name = new byte[in.readUnsignedByte()];
                in.readFully(name);
                return InetSocketAddress.createUnresolved(
                        new String(name, StandardCharsets.US_ASCII), in.readUnsignedShort());
            }
            default -> throw new ProtocolException("an address of the unknown type " + type);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
