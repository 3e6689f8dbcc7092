package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.ProxyHeader;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import io.sallyport.acceptance.product.Words;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Origins learn who the partner is; listeners believe it of those they were told to. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxyProtocolTest {
    private static final String BALANCER = "127.0.0.66";
    private static final String STRANGER = "127.0.0.67";
    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 1111 22\r\n";
    private static final String SESSION_BYTES = "the session's own bytes";

    private static final BlockingQueue<ProxyHeader> headers = new LinkedBlockingQueue<>();
    private static final TcpOrigin text =
            TcpOrigin.expectingHeader(ProxyHeader::readText, headers::add);
    private static final TcpOrigin binary =
            TcpOrigin.expectingHeader(ProxyHeader::readBinary, headers::add);
    private static final TcpOrigin echo = TcpOrigin.echo();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("v1", text.port()).with("proxy-protocol", "v1"),
                            Service.of("v2", binary.port()).with("proxy-protocol", "v2"),
                            Service.of("accepts", echo.port())
                                    .with("accept-proxy-protocol", balancer()),
                            Service.of("passes-on", binary.port())
                                    .with("accept-proxy-protocol", balancer())
                                    .with("proxy-protocol", "v2")));

    ProxyProtocolTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigins() {
        text.close();
        binary.close();
        echo.close();
    }

    @Test
    void a_version_1_header_names_the_partner_and_the_listener() {
        try (var partner = Partner.connectFrom("127.0.0.5", stage.port("v1"))) {
            partner.echo(SESSION_BYTES);

            ProxyHeader header = nextHeader();
            assertThat(header.source()).isEqualTo(partner.address());
            assertThat(header.destination()).isEqualTo(listener("v1"));
        }
    }

    @Test
    void a_version_2_header_names_the_partner_the_listener_and_the_session() {
        try (var partner = Partner.connectFrom("127.0.0.5", stage.port("v2"))) {
            partner.echo(SESSION_BYTES);

            ProxyHeader header = nextHeader();
            assertThat(header.source()).isEqualTo(partner.address());
            assertThat(header.destination()).isEqualTo(listener("v2"));
            partner.finish().receiveAll();
            assertThat(sessionEnd("v2").field(Words.SESSION)).isEqualTo(header.uniqueId());
        }
    }

    @Test
    void a_header_from_a_named_network_is_believed_and_not_passed_to_the_origin() {
        try (var balancer = Partner.connectFrom(BALANCER, stage.port("accepts"))) {
            balancer.send(HEADER).echo(SESSION_BYTES);
            balancer.finish().receiveAll();

            assertThat(sessionEnd("accepts").field(Words.PARTNER)).isEqualTo("192.0.2.1:1111");
        }
    }

    @Test
    void a_believed_header_is_told_to_an_origin_that_expects_one() {
        try (var balancer = Partner.connectFrom(BALANCER, stage.port("passes-on"))) {
            balancer.send(HEADER).echo(SESSION_BYTES);

            assertThat(nextHeader().source())
                    .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1111));
        }
    }

    @Test
    void a_header_from_elsewhere_is_just_bytes_of_the_session() {
        try (var stranger = Partner.connectFrom(STRANGER, stage.port("accepts"))) {
            stranger.echo(HEADER + SESSION_BYTES);
        }
    }

    @Test
    void a_named_network_that_sends_no_header_is_reset() {
        int before = echo.sessionCount();
        try (var balancer = Partner.connectFrom(BALANCER, stage.port("accepts"))) {
            balancer.send("SSH-2.0-no-header-at-all-but-long-enough-to-be-sure-of-it\r\n");

            assertThat(balancer.receiveAll().ending()).isEqualTo(Ending.RESET);
        }
        assertThat(echo.sessionCount()).isEqualTo(before);
    }

    private static String balancer() {
        return "[\"" + BALANCER + "/32\"]";
    }

    private InetSocketAddress listener(String service) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), stage.port(service));
    }

    private LogEvent sessionEnd(String service) {
        return stage.deployment()
                .gateway()
                .log()
                .awaitEvent(
                        "the end of the session",
                        event ->
                                event.event().equals(Words.SESSION_ENDED)
                                        && event.field(Words.SERVICE).equals(service));
    }

    private ProxyHeader nextHeader() {
        try {
            ProxyHeader header = headers.poll(10, TimeUnit.SECONDS);
            if (header == null) {
                throw new AssertionError("no header reached the origin");
            }
            return header;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
