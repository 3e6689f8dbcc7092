package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.acceptance.peer.Curl;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Log;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes inside reach partners through the gateway, and what no policy names is refused. All is
 * on loopback here, so the gateway's policy names one port of it.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardTest {
    private static final String REFUSED = "forward session refused";
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int SOCKS_PORT = Ports.free();
    private static final int HTTP_PORT = Ports.free();
    private static final int TUNNEL_PORT = Ports.free();
    private static final int BIND_PORT = Ports.free();

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";
    private static final TcpOrigin web = TcpOrigin.saying(ANSWER);
    private static final TcpOrigin echo = TcpOrigin.echo();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Deployment deployment;

    @BeforeAll
    static void start() {
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .allowingDestinations(
                                "[\"*:1-65535\", \"127.0.0.0/8:%d\", \"127.0.0.0/8:%d\"]"
                                        .formatted(web.port(), echo.port()))
                        .forwarding(
                                """
                                {socks: {listen: "127.0.0.1:%d"}, http: {listen: "127.0.0.1:%d"},\
                                 tunnels: [{listen: "127.0.0.1:%d", destination: "localhost:%d"}],\
                                 bind: {ports: %d},\
                                 allow: ["*:1-65535", "0.0.0.0/0:1-65535", "[::/0]:1-65535"]}\
                                """
                                        .formatted(
                                                SOCKS_PORT,
                                                HTTP_PORT,
                                                TUNNEL_PORT,
                                                echo.port(),
                                                BIND_PORT))
                        .start();
    }

    @AfterAll
    static void stop() {
        deployment.close();
        web.close();
        echo.close();
    }

    @ParameterizedTest
    @CsvSource({
        "--socks5-hostname, SOCKS, localhost",
        "--socks5, SOCKS, 127.0.0.1",
        "--socks4a, SOCKS, localhost",
        "--socks4, SOCKS, 127.0.0.1",
        "--proxy, HTTP, localhost",
        "--proxytunnel --proxy, HTTP, localhost"
    })
    void curl_reaches_a_partner(String options, String entry, String host) {
        List<String> arguments = new ArrayList<>(List.of(options.split(" ", -1)));
        arguments.add("127.0.0.1:" + (entry.equals("SOCKS") ? SOCKS_PORT : HTTP_PORT));
        arguments.add("http://" + host + ":" + web.port() + "/");

        CommandResult result = Curl.run(directory, arguments.toArray(String[]::new));

        assertThat(result.text()).isEqualTo("hello\n");
    }

    @Test
    void a_session_is_told_of_on_both_sides_with_what_was_asked_and_what_was_used() {
        int mark = deployment.agent().log().size();
        int gatewayMark = deployment.gateway().log().size();

        Curl.run(
                directory,
                "--socks5-hostname",
                "127.0.0.1:" + SOCKS_PORT,
                "http://localhost:" + web.port());

        String destination = "localhost:" + web.port();
        LogEvent atAgent = ended(deployment.agent().log(), mark, destination);
        assertThat(atAgent.field("service")).isEqualTo("forward.socks");
        assertThat(atAgent.field("partner")).isEqualTo("127.0.0.1:" + web.port());
        assertThat(atAgent.field("reason")).isEqualTo("completed");
        LogEvent atGateway = ended(deployment.gateway().log(), gatewayMark, destination);
        assertThat(atGateway.field("session")).isEqualTo(atAgent.field("session"));
    }

    private static LogEvent ended(Log log, int mark, String destination) {
        return log.awaitEventAfter(
                mark,
                "the end of a session to " + destination,
                event ->
                        event.event().equals("session ended")
                                && event.field("destination").equals(destination));
    }

    @Test
    void a_tunnel_leads_to_its_destination_and_keeps_half_close() throws IOException {
        try (var client = new Socket(LOOPBACK, TUNNEL_PORT)) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write("hello".getBytes(ISO_8859_1));
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes())
                    .isEqualTo("hello".getBytes(ISO_8859_1));
        }
    }

    @Test
    void a_partner_that_is_awaited_connects_back_and_nobody_else_does() throws IOException {
        try (var client = new Socks(SOCKS_PORT)) {
            client.greet();
            client.request(2, "127.0.0.1", 0);
            assertThat(client.reply()).isZero();
            try (var stranger = Partner.connectFrom("127.0.0.2", BIND_PORT)) {
                assertThat(stranger.receiveAll().ending()).isEqualTo(Ending.RESET);
            }
            try (var partner = Partner.connect(BIND_PORT)) {
                assertThat(client.reply()).isZero();
                partner.send("x");
                assertThat(client.in.read()).isEqualTo('x');
                assertThatThrownBy(() -> Partner.connect(BIND_PORT))
                        .as("a second connection")
                        .hasRootCauseMessage("Connection refused");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.0.0.256",
                "localhost",
                "LOCALHOST.",
                "127.255.255.254",
                "::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::1",
                "0.0.0.0",
                "::",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.2.1",
                "198.18.0.1",
                "203.0.113.1",
                "224.0.0.1",
                "255.255.255.255",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "2001:db8::1",
                "bad host",
                "a..b"
            })
    void what_no_rule_names_is_refused_and_logged_once(String host) throws IOException {
        int mark = deployment.agent().log().size();
        try (var client = new Socks(SOCKS_PORT)) {
            client.greet();
            // No policy names this port of loopback.
            client.request(1, host, 1);

            assertThat(client.reply()).isEqualTo(2);
            assertThat(client.in.read()).isEqualTo(-1);
        }
        assertRefusedOnce(mark);
    }

    private static void assertRefusedOnce(int mark) {
        Log log = deployment.agent().log();
        log.awaitEventAfter(mark, "a refusal", event -> event.event().equals(REFUSED));
        assertThat(log.events().stream().skip(mark).filter(event -> event.event().equals(REFUSED)))
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.field("why")).isNotEmpty());
    }

    @Test
    void a_refusal_over_http_has_its_reason() {
        int mark = deployment.agent().log().size();

        CommandResult result =
                Curl.run(
                        directory,
                        "-i",
                        "-x",
                        "http://127.0.0.1:" + HTTP_PORT,
                        "http://localhost:1/");

        assertThat(result.text())
                .startsWith("HTTP/1.1 403 ")
                .contains("the gateway's policy.destinations does not allow localhost:1");
        assertRefusedOnce(mark);
    }

    @Test
    void why_it_is_refused_is_told_apart() throws IOException {
        try (var client = new Socks(SOCKS_PORT)) {
            client.greet();
            client.request(1, "127.0.0.9", echo.port());
            assertThat(client.reply()).isEqualTo(5);
        }
        try (var client = new Socks(SOCKS_PORT)) {
            client.greet();
            client.request(1, "no-such-name.invalid", 22);
            assertThat(client.reply()).isEqualTo(4);
        }
        try (var client = new Socks(SOCKS_PORT)) {
            client.greet();
            client.request(3, "127.0.0.1", echo.port());
            assertThat(client.reply()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\u0005\u0001\u0007", "\u0005", "\u0004"})
    void a_handshake_that_is_none_or_is_cut_is_refused_and_logged_once(String said)
            throws IOException {
        int mark = deployment.agent().log().size();
        try (var client = new Socket(LOOPBACK, SOCKS_PORT)) {
            client.getOutputStream().write(said.getBytes(ISO_8859_1));
            client.shutdownOutput();
            assertRefusedOnce(mark);
        }
    }

    @Test
    void an_oversized_handshake_is_refused_and_logged_once() throws IOException {
        int mark = deployment.agent().log().size();
        try (var client = new Socket(LOOPBACK, SOCKS_PORT)) {
            client.getOutputStream()
                    .write(("\u0004\u0001" + "x".repeat(4096)).getBytes(ISO_8859_1));
            assertRefusedOnce(mark);
        }
    }

    /** A client of SOCKS 5 that says just what it is told to. */
    private static final class Socks implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Socks(int port) throws IOException {
            socket = new Socket(LOOPBACK, port);
            socket.setSoTimeout(40_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void greet() throws IOException {
            out.write(new byte[] {5, 1, 0});
            assertThat(in.readShort()).isEqualTo((short) 0x0500);
        }

        void request(int command, String host, int port) throws IOException {
            byte[] name = host.getBytes(ISO_8859_1);
            out.write(new byte[] {5, (byte) command, 0, 3, (byte) name.length});
            out.write(name);
            out.writeShort(port);
        }

        int reply() throws IOException {
            assertThat(in.readUnsignedByte()).isEqualTo(5);
            int code = in.readUnsignedByte();
            in.skipNBytes(1);
            in.skipNBytes(in.readUnsignedByte() == 1 ? 6 : 18);
            return code;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
