package io.sallyport.agent.session;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The PROXY protocol header that tells an origin who the partner is: the first bytes of its
 * connection.
 */
final class ProxyHeader {
    // PP2_TYPE_UNIQUE_ID of the specification
    private static final byte UNIQUE_ID = 0x05;

    private ProxyHeader() {}

    /**
     * Writes the header, if there is to be one; it is sent no later than the first bytes of the
     * session.
     */
    static void write(TcpChannel origin, ProxyProtocol wanted, SessionOpening opening) {
        switch (wanted) {
            case NONE -> {}
            case V1 -> write(origin, message(HAProxyProtocolVersion.V1, opening, List.of()));
            case V2 -> {
                // The id that the logs of gateway and agent have.
                var id =
                        Unpooled.copiedBuffer(
                                opening.session().toString(), StandardCharsets.US_ASCII);
                var tlv = new HAProxyTLV(UNIQUE_ID, id);
                write(origin, message(HAProxyProtocolVersion.V2, opening, List.of(tlv)));
            }
        }
    }

    private static void write(TcpChannel origin, HAProxyMessage message) {
        origin.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        origin.writeAndFlush(message);
        origin.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    private static HAProxyMessage message(
            HAProxyProtocolVersion version, SessionOpening opening, List<HAProxyTLV> tlvs) {
        Endpoint partner = opening.partner();
        Endpoint reached = opening.reached();
        boolean bothIpv4 =
                partner.address() instanceof Inet4Address
                        && reached.address() instanceof Inet4Address;
        return new HAProxyMessage(
                version,
                HAProxyCommand.PROXY,
                bothIpv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                address(partner.address(), bothIpv4),
                address(reached.address(), bothIpv4),
                partner.port(),
                reached.port(),
                tlvs);
    }

    /**
     * The header knows one family only: with mixed ones, IPv4 is written in its IPv4-mapped form.
     */
    private static String address(InetAddress address, boolean bothIpv4) {
        return bothIpv4 || !(address instanceof Inet4Address)
                ? address.getHostAddress()
                : "::ffff:" + address.getHostAddress();
    }
}
