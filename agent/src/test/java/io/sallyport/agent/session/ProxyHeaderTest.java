package io.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Read with Netty's decoder, which knows nothing of ours. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxyHeaderTest {
    private static final SessionId SESSION = new SessionId(0x0123_4567_89ab_cdefL);
    private static final Endpoint PARTNER_V4 = endpoint("192.0.2.7", 40_000);
    private static final Endpoint REACHED_V4 = endpoint("198.51.100.1", 22);
    private static final Endpoint PARTNER_V6 = endpoint("2001:db8::7", 40_000);
    private static final Endpoint REACHED_V6 = endpoint("2001:db8::1", 22);

    @Test
    void version_1_is_a_line_of_text() {
        assertThat(text(ProxyHeader.version1(opening(PARTNER_V4, REACHED_V4))))
                .isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 40000 22\r\n");
        assertThat(text(ProxyHeader.version1(opening(PARTNER_V6, REACHED_V6))))
                .isEqualTo("PROXY TCP6 2001:db8::7 2001:db8::1 40000 22\r\n");
    }

    @Test
    void version_1_can_not_tell_two_families_in_one_line() {
        assertThat(text(ProxyHeader.version1(opening(PARTNER_V4, REACHED_V6))))
                .isEqualTo("PROXY UNKNOWN\r\n");
    }

    @Test
    void version_1_is_understood() {
        read(
                ProxyHeader.version1(opening(PARTNER_V6, REACHED_V6)),
                header -> {
                    assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
                    assertThat(header.sourceAddress()).isEqualTo("2001:db8::7");
                    assertThat(header.destinationPort()).isEqualTo(22);
                });
    }

    @Test
    void version_2_tells_both_addresses() {
        read(
                ProxyHeader.version2(opening(PARTNER_V4, REACHED_V4)),
                header -> {
                    assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP4);
                    assertThat(header.sourceAddress()).isEqualTo("192.0.2.7");
                    assertThat(header.sourcePort()).isEqualTo(40_000);
                    assertThat(header.destinationAddress()).isEqualTo("198.51.100.1");
                    assertThat(header.destinationPort()).isEqualTo(22);
                });
    }

    @Test
    void version_2_has_the_sessions_id_of_the_logs() {
        read(
                ProxyHeader.version2(opening(PARTNER_V6, REACHED_V6)),
                header ->
                        assertThat(header.tlvs())
                                .singleElement()
                                .satisfies(tlv -> {
                                    assertThat(tlv.typeByteValue()).isEqualTo((byte) 0x05);
                                    assertThat(tlv.content().toString(StandardCharsets.US_ASCII))
                                            .isEqualTo("0123456789abcdef");
                                }));
    }

    @Test
    void version_2_writes_ipv4_as_ipv6_where_the_families_are_mixed() {
        read(
                ProxyHeader.version2(opening(PARTNER_V4, REACHED_V6)),
                header -> {
                    assertThat(header.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
                    assertThat(InetAddress.ofLiteral(String.valueOf(header.sourceAddress())))
                            .isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
                    assertThat(header.destinationAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
                });
    }

    private static void read(ByteBuf bytes, Consumer<HAProxyMessage> check) {
        var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        channel.writeInbound(bytes);
        HAProxyMessage header = channel.readInbound();
        assertThat(header).isNotNull();
        check.accept(header);
        header.release();
        channel.finishAndReleaseAll();
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    private static SessionOpening opening(Endpoint partner, Endpoint reached) {
        return new SessionOpening(SESSION, "files", partner, reached);
    }

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }
}
