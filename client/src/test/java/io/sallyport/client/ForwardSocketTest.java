package io.sallyport.client;

import static io.sallyport.client.SocksServer.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.sallyport.client.ForwardException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ForwardSocketTest {
    private SocksServer agent;
    private ServerSocket partner;

    @BeforeEach
    void start() throws IOException {
        agent = new SocksServer();
        partner = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
        partner.close();
    }

    @Test
    void a_name_is_passed_on_unresolved() throws IOException {
        try (Socket _ =
                agent.proxy().socketFactory().createSocket(PARTNER, partner.getLocalPort())) {
            assertThat(agent.requests())
                    .containsExactly("CONNECT " + PARTNER + ":" + partner.getLocalPort());
        }
    }

    @Test
    void a_name_that_this_host_resolved_is_passed_on_as_a_name_too() throws IOException {
        try (Socket socket = agent.proxy().socket()) {
            var resolved = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
            socket.connect(new InetSocketAddress(resolved, partner.getLocalPort()));

            assertThat(agent.requests())
                    .containsExactly("CONNECT localhost:" + partner.getLocalPort());
        }
    }

    @Test
    void an_address_is_used_as_it_is() throws IOException {
        var address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (Socket socket =
                agent.proxy().socketFactory().createSocket(address, partner.getLocalPort())) {
            assertThat(agent.requests())
                    .containsExactly("CONNECT 127.0.0.1:" + partner.getLocalPort());
            assertThat(socket.getInetAddress()).isEqualTo(address);
        }
    }

    @Test
    void an_ipv6_address_is_used_as_it_is() throws IOException {
        assertThatExceptionOfType(ForwardException.class)
                .isThrownBy(() -> agent.proxy().socketFactory().createSocket("::1", 1));

        assertThat(agent.requests()).containsExactly("CONNECT 0:0:0:0:0:0:0:1:1");
    }

    @Test
    void the_partner_that_a_socket_tells_can_be_connected_to_again() throws IOException {
        var factory = agent.proxy().socketFactory();
        int port = partner.getLocalPort();
        try (Socket first = factory.createSocket(PARTNER, port);
                Socket second =
                        factory.createSocket(first.getInetAddress().getHostAddress(), port)) {
            assertThat(second.getInetAddress()).isEqualTo(first.getInetAddress());
            assertThat(agent.requests()).hasSize(2).containsOnly("CONNECT " + PARTNER + ":" + port);
        }
    }

    @Test
    void a_socket_tells_the_partner_as_remote_and_the_gateway_as_local_address()
            throws IOException {
        try (Socket socket =
                        agent.proxy()
                                .socketFactory()
                                .createSocket(PARTNER, partner.getLocalPort());
                Socket accepted = partner.accept()) {
            assertThat(socket.getPort()).isEqualTo(partner.getLocalPort());
            assertThat(socket.getLocalSocketAddress()).isEqualTo(accepted.getRemoteSocketAddress());
        }
    }

    @Test
    void either_direction_ends_by_itself() throws IOException {
        try (Socket socket =
                        agent.proxy()
                                .socketFactory()
                                .createSocket(PARTNER, partner.getLocalPort());
                Socket accepted = partner.accept()) {
            socket.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            byte[] question = accepted.getInputStream().readAllBytes();
            accepted.getOutputStream().write(question);
            accepted.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("question");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, FAILED",
        "2, REFUSED_BY_POLICY",
        "3, NETWORK_UNREACHABLE",
        "4, HOST_UNREACHABLE",
        "5, CONNECTION_REFUSED",
        "6, TIMED_OUT",
        "7, COMMAND_NOT_SUPPORTED",
        "8, ADDRESS_TYPE_NOT_SUPPORTED",
        "99, FAILED"
    })
    void every_refusal_is_told_apart(int reply, Reason reason) {
        assertThatExceptionOfType(ForwardException.class)
                .isThrownBy(() -> connect(agent.proxy(), "reply-" + reply + ".test"))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(reason))
                .withMessageStartingWith("no connection to reply-" + reply + ".test:21: ");
    }

    @Test
    void a_partner_that_refuses_is_told_from_an_agent_that_is_not_there() throws IOException {
        int port = partner.getLocalPort();
        partner.close();

        assertThatExceptionOfType(ForwardException.class)
                .isThrownBy(() -> connect(ForwardProxy.at("127.0.0.1", port), PARTNER))
                .satisfies(
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.AGENT_UNREACHABLE))
                .withMessageContaining("forward proxy 127.0.0.1:" + port);
    }

    @Test
    void a_login_is_given_and_a_refused_one_is_told() throws IOException {
        try (var strict = new SocksServer("right")) {
            var proxy = strict.proxy();
            int port = partner.getLocalPort();
            proxy.withLogin("user", "right").socketFactory().createSocket(PARTNER, port).close();

            for (ForwardProxy wrong : new ForwardProxy[] {proxy, proxy.withLogin("user", "no")}) {
                assertThatExceptionOfType(ForwardException.class)
                        .isThrownBy(() -> connect(wrong, PARTNER))
                        .satisfies(refusal ->
                                assertThat(refusal.reason()).isEqualTo(Reason.LOGIN_REFUSED));
            }
        }
    }

    @Test
    void an_agent_that_does_not_answer_is_given_up_in_time() {
        var proxy = agent.proxy().withTimeout(Duration.ofMillis(200));

        assertThatExceptionOfType(ForwardException.class)
                .isThrownBy(() -> connect(proxy, "silent.test"))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.TIMED_OUT));
    }

    @Test
    void the_sockets_own_timeout_holds_for_the_handshake_and_is_kept() throws IOException {
        try (Socket silent = agent.proxy().socket();
                Socket socket = agent.proxy().socket()) {
            silent.setSoTimeout(200);
            socket.setSoTimeout(7_000);

            assertThatExceptionOfType(ForwardException.class)
                    .isThrownBy(() ->
                            silent.connect(InetSocketAddress.createUnresolved("silent.test", 1)));
            socket.connect(InetSocketAddress.createUnresolved(PARTNER, partner.getLocalPort()));
            assertThat(socket.getSoTimeout()).isEqualTo(7_000);
        }
    }

    @Test
    void a_listener_at_the_gateway_takes_its_one_partner() throws IOException {
        try (ServerSocket listener =
                agent.proxy().serverSocketFactory(PARTNER).createServerSocket(0)) {
            var come =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return new Socket(listener.getInetAddress(), listener.getLocalPort());
                        } catch (IOException refused) {
                            throw new java.io.UncheckedIOException(refused);
                        }
                    });
            try (Socket accepted = listener.accept();
                    Socket visitor = come.join()) {
                visitor.getOutputStream().write("file".getBytes(StandardCharsets.UTF_8));
                visitor.shutdownOutput();

                assertThat(accepted.getPort()).isEqualTo(visitor.getLocalPort());
                assertThat(accepted.getInputStream().readAllBytes()).asString().isEqualTo("file");
            }
            assertThat(agent.requests()).containsExactly("BIND " + PARTNER + ":0");
        }
    }

    @Test
    void a_partner_that_does_not_come_is_not_waited_for_for_ever() throws IOException {
        try (ServerSocket listener =
                agent.proxy().serverSocketFactory(PARTNER).createServerSocket(0)) {
            listener.setSoTimeout(200);

            assertThatIOException().isThrownBy(listener::accept).withMessageContaining("time");
        }
    }

    private static void connect(ForwardProxy proxy, String host) throws IOException {
        proxy.socketFactory().createSocket(host, 21).close();
    }
}
