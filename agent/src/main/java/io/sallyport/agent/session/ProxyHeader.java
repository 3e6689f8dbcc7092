package io.sallyport.agent.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionOpening;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * The PROXY protocol header that tells an origin who its partner is (haproxy.org,
 * proxy-protocol.txt).
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int PP2_TYPE_UNIQUE_ID = 0x05;
    private static final int TLV_HEADER_BYTES = 3;

    private ProxyHeader() {}

    /** A line of text. */
    static ByteBuf version1(SessionOpening opening) {
        Endpoint partner = opening.partner();
        Endpoint reached = opening.reached();
        boolean ipv4 = isIpv4(partner);
        // One line has one family: a mixed pair can't be told.
        String line =
                ipv4 == isIpv4(reached)
                        ? "PROXY %s %s %s %d %d\r\n"
                                .formatted(
                                        ipv4 ? "TCP4" : "TCP6",
                                        NetUtil.toAddressString(partner.address()),
                                        NetUtil.toAddressString(reached.address()),
                                        partner.port(),
                                        reached.port())
                        : "PROXY UNKNOWN\r\n";
        return Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII);
    }

    /** Binary, with the session's id as its unique id. */
    static ByteBuf version2(SessionOpening opening) {
        Endpoint partner = opening.partner();
        Endpoint reached = opening.reached();
        boolean ipv4 = isIpv4(partner) && isIpv4(reached);
        byte[] source = bytes(partner.address(), ipv4);
        byte[] destination = bytes(reached.address(), ipv4);
        byte[] id = opening.session().toString().getBytes(StandardCharsets.US_ASCII);
        return Unpooled.buffer()
                .writeBytes(SIGNATURE)
                .writeByte(VERSION_2_PROXY)
                .writeByte(ipv4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6)
                .writeShort(
                        source.length
                                + destination.length
                                + 2 * Short.BYTES
                                + TLV_HEADER_BYTES
                                + id.length)
                .writeBytes(source)
                .writeBytes(destination)
                .writeShort(partner.port())
                .writeShort(reached.port())
                .writeByte(PP2_TYPE_UNIQUE_ID)
                .writeShort(id.length)
                .writeBytes(id);
    }

    private static boolean isIpv4(Endpoint endpoint) {
        return endpoint.address() instanceof Inet4Address;
    }

    /** An IPv4 address among IPv6 ones is written as {@code ::ffff:a.b.c.d}. */
    private static byte[] bytes(InetAddress address, boolean ipv4) {
        byte[] bytes = address.getAddress();
        if (ipv4 || bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, bytes.length);
        return mapped;
    }
}
