package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.ftp.FtpConversation;
import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets to a data connection, where it is announced, and when it is gone. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FtpDataConnectionsTest {
    private static final String PARTNER = "127.0.0.1";
    private static final String STRANGER = "127.0.0.3";
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration HELD_IDLE = Duration.ofSeconds(5);
    private static final int NARROW = 2;

    private static FtpServer origin;
    private static FtpServerSettings settings;
    private static Deployment deployment;
    private static int narrowFirst;
    private Footprint before;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path product) {
        settings =
                FtpServerSettings.of(
                                FtpServerSettings.reachable(directory),
                                InetAddress.ofLiteral("127.0.0.2"),
                                FtpTls.EXPLICIT,
                                ServerIdentity.make(directory, "origin"))
                        .advertising(InetAddress.ofLiteral(PARTNER));
        origin = FtpServerKind.BUILT_IN.start(settings);
        int first = Ports.freeRange(20);
        narrowFirst = Ports.freeRange(NARROW);
        int told = Ports.freeRange(10);
        deployment =
                new Deployment(product, Encryption.ALWAYS)
                        .services(
                                service("ftp").with("passive", ports(first, 20)),
                                service("narrow").with("passive", ports(narrowFirst, NARROW)),
                                service("told")
                                        .with(
                                                "passive",
                                                ("{ports: %d-%d, address: 203.0.113.7, inside:"
                                                     + " {networks: [127.0.0.3/32], address:"
                                                     + " 10.1.2.3}}")
                                                        .formatted(told, told + 9)),
                                service("held")
                                        .protocol("ftps")
                                        .with("tls", "pass-through")
                                        .with("idle-timeout", HELD_IDLE.toSeconds() + "s")
                                        .with(
                                                "passive",
                                                "{ports: " + settings.passivePorts() + "}"))
                        .start();
    }

    @AfterAll
    static void close() {
        deployment.close();
        origin.close();
    }

    @BeforeEach
    void remember() {
        before = deployment.footprint();
    }

    @AfterEach
    void everything_is_back_where_it_was() {
        deployment.awaitBackAt(before);
    }

    @Test
    void a_stranger_gets_nothing_at_a_port_that_waits_for_a_partner_who_is_served_there_still() {
        try (var session = session("ftp", PARTNER)) {
            InetSocketAddress data = session.passive();

            assertThat(bytesFor(STRANGER, data.getPort())).isZero();

            assertThat(listing(session, data.getPort())).contains(FtpServer.FILES);
        }
    }

    @Test
    void a_port_is_good_for_one_connection() {
        try (var session = session("ftp", PARTNER)) {
            InetSocketAddress data = session.passive();
            assertThat(listing(session, data.getPort())).contains(FtpServer.FILES);

            assertThatThrownBy(() -> Partner.connect(data.getPort()))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void nobody_gets_anything_at_held_ports_without_a_session() {
        for (int port = settings.firstPassivePort(); port <= settings.lastPassivePort(); port++) {
            assertThat(bytesFor(PARTNER, port)).isZero();
        }
    }

    @Test
    void a_stranger_gets_nothing_at_any_held_port_while_another_is_served() {
        try (var session = session("held", PARTNER)) {
            InetSocketAddress data = session.passive();

            for (int port = settings.firstPassivePort();
                    port <= settings.lastPassivePort();
                    port++) {
                assertThat(bytesFor(STRANGER, port)).isZero();
            }

            assertThat(listing(session, data.getPort())).contains(FtpServer.FILES);
        }
    }

    @Test
    void a_data_connection_at_a_held_port_that_nobody_uses_keeps_nobody_awake() {
        try (var session = session("held", PARTNER);
                var data = Partner.connect(session.passive().getPort())) {
            await().until(() -> deployment.gatewayStatus().sessions() == 2);

            await().atMost(HELD_IDLE.multipliedBy(4))
                    .until(() -> deployment.gatewayStatus().sessions() == 0);
            assertThat(data.receiveAll().ending()).isEqualTo(Ending.RESET);
        }
    }

    @Test
    void a_range_that_is_used_up_is_told_to_the_partner_and_free_again_afterwards() {
        List<FtpConversation> sessions = new ArrayList<>();
        for (int number = 0; number < NARROW; number++) {
            FtpConversation session = session("narrow", PARTNER);
            session.passive();
            sessions.add(session);
        }
        try (var late = session("narrow", PARTNER)) {
            assertThat(late.say("PASV"))
                    .startsWith("425")
                    .contains(narrowFirst + "-" + (narrowFirst + NARROW - 1));
            assertThat(late.say("EPSV")).startsWith("425");

            sessions.forEach(FtpConversation::close);

            await().atMost(AT_ONCE).until(() -> late.say("PASV").startsWith("227"));
        }
    }

    @Test
    void partners_are_told_the_address_that_is_theirs_to_use() {
        try (var outside = session("told", PARTNER);
                var inside = session("told", STRANGER);
                var plain = session("ftp", PARTNER)) {
            assertThat(outside.passive().getHostString()).isEqualTo("203.0.113.7");
            assertThat(inside.passive().getHostString()).isEqualTo("10.1.2.3");
            assertThat(plain.passive().getHostString()).isEqualTo(PARTNER);
        }
    }

    @Test
    void a_listing_for_a_port_that_nobody_listens_at_is_not_called_complete() {
        int nobody = Ports.freeRange(1);
        try (var session = session("ftp", PARTNER)) {
            assertThat(session.say("EPRT |1|" + PARTNER + "|" + nobody + "|")).startsWith("200");
            assertThat(session.say("LIST")).startsWith("150");

            assertThat(session.reply()).startsWith("426");

            assertThat(listing(session, session.passive().getPort())).contains(FtpServer.FILES);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 127,0,0,3,200,10",
                "PORT 127,0,0,1,3,255",
                "EPRT |1|127.0.0.3|51210|",
                "EPRT |1|127.0.0.1|1023|",
                "EPRT |2|::1|51210|",
                "PORT 127,0,0,1,300,10",
                "EPRT |3|127.0.0.1|51210|"
            })
    void active_mode_leads_nowhere_but_to_the_partners_own_address_and_common_ports(
            String command) {
        try (var session = session("ftp", PARTNER)) {
            assertThat(session.say(command)).startsWith("5");
        }
    }

    @Test
    void a_negative_reply_of_the_origin_ends_the_data_connection_at_once() {
        try (var session = session("ftp", PARTNER);
                var data = Partner.connect(session.passive().getPort()).patience(AT_ONCE)) {
            assertThat(session.say("RETR no-such-file")).startsWith("550");

            assertThat(data.receiveAll().bytes()).isZero();
        }
    }

    @Test
    void a_control_connection_that_ends_takes_its_listener_with_it_at_once() {
        InetSocketAddress data;
        try (var session = session("ftp", PARTNER)) {
            data = session.passive();
        }

        await().atMost(AT_ONCE).until(() -> !listens(data.getPort()));
    }

    @Test
    void a_second_passive_mode_takes_the_place_of_the_first() {
        try (var session = session("ftp", PARTNER)) {
            int first = session.passive().getPort();
            int second = session.passive().getPort();

            assertThat(listing(session, second)).contains(FtpServer.FILES);
            await().atMost(AT_ONCE).until(() -> !listens(first));
        }
    }

    private static FtpConversation session(String service, String from) {
        var gateway =
                new InetSocketAddress(InetAddress.ofLiteral(PARTNER), deployment.port(service));
        return FtpConversation.begin(gateway, from).login(origin);
    }

    /** How much a connection from an address gets before it ends; 0 if it is refused. */
    private static long bytesFor(String address, int port) {
        try (var somebody = Partner.connectFrom(address, port).patience(AT_ONCE)) {
            return somebody.receiveAll().bytes();
        } catch (UncheckedIOException refused) {
            return 0;
        }
    }

    private static String listing(FtpConversation session, int port) {
        try (var data = Partner.connect(port)) {
            assertThat(session.say("NLST")).startsWith("150");
            String names = data.receiveText();
            assertThat(session.reply()).startsWith("226");
            return names;
        }
    }

    private static boolean listens(int port) {
        try (var partner = Partner.connect(port)) {
            return partner.address().getPort() > 0;
        } catch (UncheckedIOException refused) {
            return false;
        }
    }

    private static Service service(String name) {
        return Service.of(name, origin.address().getPort())
                .protocol("ftp")
                .origin("127.0.0.2:" + origin.address().getPort());
    }

    private static String ports(int first, int count) {
        return "{ports: %d-%d}".formatted(first, first + count - 1);
    }
}
