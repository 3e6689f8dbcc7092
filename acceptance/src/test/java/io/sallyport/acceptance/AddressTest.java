package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.ProxyHeader;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import io.sallyport.acceptance.product.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Both families of addresses, and who may come from where. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressTest {
    private static final InetAddress SIX = InetAddress.ofLiteral("::1");
    private static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");

    private static final TcpOrigin echo = TcpOrigin.echo();
    private static final BlockingQueue<ProxyHeader> headers = new LinkedBlockingQueue<>();
    private static final TcpOrigin proxied =
            TcpOrigin.expectingHeader(ProxyHeader::readBinary, headers::add);
    private static TcpOrigin echoAtSix;

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("six", echoAtSix.port())
                                    .listen("[::1]:0")
                                    .origin("[::1]:" + echoAtSix.port()),
                            Service.of("proxied", proxied.port())
                                    .listen("[::1]:0")
                                    .with("proxy-protocol", "v2"),
                            Service.of("dual", echo.port()).listen("[::]:0"),
                            Service.of("both", echo.port()).listen("127.0.0.1:0", "[::1]:0"),
                            Service.of("some", echo.port())
                                    .listen("[::]:0")
                                    .with("allow", "[\"127.0.0.0/28\"]")
                                    .with("deny", "[\"127.0.0.3/32\"]"),
                            Service.of("not-some", echo.port()).with("deny", "[\"127.0.0.3\"]")));

    AddressTest(Encryption encryption) {
        stage.use(encryption);
    }

    @BeforeAll
    static void startOrigin() throws IOException {
        assumeTrue(NetworkInterface.getByInetAddress(SIX) != null, "no IPv6 on this host");
        echoAtSix = TcpOrigin.echoAt("::1");
    }

    @AfterAll
    static void closeOrigins() {
        echo.close();
        proxied.close();
        echoAtSix.close();
    }

    @Test
    void a_listener_and_an_origin_may_have_ipv6_addresses() {
        echo(SIX, stage.port("six"));
    }

    @Test
    void a_proxy_protocol_header_carries_ipv6_addresses() throws InterruptedException {
        var listener = new InetSocketAddress(SIX, stage.port("proxied"));
        try (var partner = Partner.connect(listener, null)) {
            partner.echo("hello");

            ProxyHeader header = headers.take();
            assertThat(header.source()).isEqualTo(partner.address());
            assertThat(header.destination()).isEqualTo(listener);
        }
    }

    @Test
    void the_unspecified_ipv6_address_listens_to_both_families() {
        int port = stage.port("dual");
        echo(SIX, port);
        echo(FOUR, port);
    }

    @Test
    void a_service_may_have_several_listeners() {
        for (Status.Listener listener : stage.deployment().listeners("both")) {
            echo(listener.bound().startsWith("[") ? SIX : FOUR, listener.port());
        }
        assertThat(stage.deployment().listeners("both")).hasSize(2);
    }

    @Test
    void partners_from_allowed_networks_are_served() {
        try (var partner = Partner.connectFrom("127.0.0.2", stage.port("some"))) {
            partner.echo("allowed");
        }
    }

    @Test
    void partners_from_elsewhere_are_reset_and_never_reach_the_origin() {
        int port = stage.port("some");
        assertTurnedAway(() -> Partner.connectFrom("127.0.0.77", port));
        assertTurnedAway(() -> Partner.connect(new InetSocketAddress(SIX, port), null));
    }

    @Test
    void what_is_denied_stays_out_even_if_it_is_allowed() {
        assertTurnedAway(() -> Partner.connectFrom("127.0.0.3", stage.port("some")));
        assertTurnedAway(() -> Partner.connectFrom("127.0.0.3", stage.port("not-some")));
        try (var partner = Partner.connectFrom("127.0.0.4", stage.port("not-some"))) {
            partner.echo("not denied");
        }
    }

    private void assertTurnedAway(Comer comer) {
        int before = echo.sessionCount();
        try (Partner partner = comer.come()) {
            assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
        } catch (UncheckedIOException resetWhileConnecting) {
            assertThat(resetWhileConnecting).cause().hasMessageContaining("reset");
        }
        assertThat(echo.sessionCount()).isEqualTo(before);
    }

    private static void echo(InetAddress address, int port) {
        try (var partner = Partner.connect(new InetSocketAddress(address, port), null)) {
            partner.echo("hello");
        }
    }

    private interface Comer {
        Partner come();
    }
}
