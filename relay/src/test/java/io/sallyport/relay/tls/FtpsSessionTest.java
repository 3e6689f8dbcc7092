package io.sallyport.relay.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sallyport.relay.Certificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our two sides against each other, in memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FtpsSessionTest {
    private static final String TLS_1_2 = "TLSv1.2";
    private static final String TLS_1_3 = "TLSv1.3";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    private FtpsServer server;

    @SuppressWarnings("NullAway.Init")
    private FtpsClient client;

    @BeforeEach
    void a_server_and_a_client_that_trusts_it() throws Exception {
        certificates = new Certificates(folder);
        server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        client = FtpsClient.of(certificates.trust);
    }

    /** A connection from one side's session to the other's. */
    private static final class Connection implements AutoCloseable {
        final TlsEngine serverEngine;
        final TlsEngine clientEngine;
        private final ArrayDeque<ByteBuf> toServer = new ArrayDeque<>();
        private final ArrayDeque<ByteBuf> toClient = new ArrayDeque<>();
        private final TlsMachine serverMachine;
        private final TlsMachine clientMachine;

        Connection(String version, FtpsSession client, FtpsSession server) throws SSLException {
            serverEngine = server.newEngine();
            clientEngine = client.newEngine();
            clientEngine.machine().setEnabledProtocols(new String[] {version});
            serverMachine =
                    new TlsMachine(serverEngine.machine(), ByteBufAllocator.DEFAULT, toClient::add);
            clientMachine =
                    new TlsMachine(clientEngine.machine(), ByteBufAllocator.DEFAULT, toServer::add);
            try {
                serverMachine.start();
                clientMachine.start();
                carry();
            } catch (SSLException failure) {
                toServer.forEach(ByteBuf::release);
                toClient.forEach(ByteBuf::release);
                throw failure;
            }
            assertThat(serverMachine.isEstablished()).isTrue();
            assertThat(clientMachine.isEstablished()).isTrue();
            serverEngine.established();
            clientEngine.established();
            assertThat(serverEngine.version()).isEqualTo(version);
        }

        /** The server says something, with which its ticket of TLS 1.3 goes. */
        Connection greeted() throws SSLException {
            serverMachine.send(Unpooled.copiedBuffer("220\r\n", StandardCharsets.US_ASCII));
            carry();
            return this;
        }

        private void carry() throws SSLException {
            while (!toServer.isEmpty() || !toClient.isEmpty()) {
                if (!toServer.isEmpty()) {
                    serverMachine.receive(toServer.remove()).release();
                } else {
                    clientMachine.receive(toClient.remove()).release();
                }
            }
        }

        @Override
        public void close() throws SSLException {
            clientMachine.close();
            carry();
            serverMachine.close();
            carry();
            clientMachine.release();
            serverMachine.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, TLS_1_3})
    void every_data_connection_resumes_its_control_connection(String version) throws Exception {
        var atServer = server.newSession();
        var atClient = client.newSession("localhost");
        try (var control = new Connection(version, atClient, atServer).greeted()) {
            assertThat(control.serverEngine.resumed()).isFalse();
            for (int i = 0; i < 50; i++) {
                try (var data = new Connection(version, atClient, atServer)) {
                    assertThat(data.serverEngine.resumed()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, TLS_1_3})
    void a_data_connection_that_resumes_another_control_connection_has_not_resumed_its_own(
            String version) throws Exception {
        var atServer = server.newSession();
        var strangerAtServer = server.newSession();
        var strangerAtClient = client.newSession("localhost");
        try (var _ = new Connection(version, client.newSession("localhost"), atServer);
                var _ = new Connection(version, strangerAtClient, strangerAtServer);
                var data = new Connection(version, strangerAtClient, atServer)) {
            assertThat(data.serverEngine.resumed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS_1_2, TLS_1_3})
    void a_data_connection_without_a_session_has_not_resumed(String version) throws Exception {
        var atServer = server.newSession();
        try (var _ = new Connection(version, client.newSession("localhost"), atServer);
                var data = new Connection(version, client.newSession("localhost"), atServer)) {
            assertThat(data.serverEngine.resumed()).isFalse();
        }
    }

    @Test
    void an_origin_with_a_certificate_for_another_name_is_refused() throws Exception {
        var elsewhere = client.newSession("elsewhere.example");
        assertThatThrownBy(() -> new Connection(TLS_1_3, elsewhere, server.newSession()))
                .isInstanceOfSatisfying(
                        SSLException.class,
                        failure ->
                                assertThat(TlsSentence.of(failure))
                                        .startsWith("shows a certificate for other names: ")
                                        .contains("elsewhere.example"));
    }

    @Test
    void an_origin_with_a_certificate_of_an_unknown_authority_is_refused() throws Exception {
        var others = new Certificates(Files.createDirectory(folder.resolve("others")));
        var distrusting = FtpsClient.of(others.trust);
        assertThatThrownBy(() ->
                        new Connection(
                                TLS_1_3, distrusting.newSession("localhost"), server.newSession()))
                .isInstanceOfSatisfying(
                        SSLException.class,
                        failure ->
                                assertThat(TlsSentence.of(failure))
                                        .isEqualTo(
                                                "shows a certificate that the configured authority"
                                                        + " does not vouch for"));
    }

    @Test
    void a_partner_without_a_certificate_is_refused_where_one_is_needed() throws Exception {
        var strict =
                FtpsServer.of(certificates.gateway, certificates.gatewayKey, certificates.trust);
        assertThatThrownBy(() ->
                        new Connection(
                                TLS_1_2, client.newSession("localhost"), strict.newSession()))
                .isInstanceOf(SSLHandshakeException.class)
                .satisfies(failure ->
                        assertThat(TlsSentence.of((SSLException) failure))
                                .isEqualTo(
                                        "shows no certificate, but client-ca asks for" + " one"));
    }

    @Test
    void what_is_no_tls_is_called_so() throws Exception {
        var machine =
                new TlsMachine(
                        server.newSession().newEngine().machine(),
                        ByteBufAllocator.DEFAULT,
                        ByteBuf::release);
        machine.start();
        assertThatThrownBy(() ->
                        machine.receive(
                                Unpooled.copiedBuffer(
                                        "USER anonymous\r\n", StandardCharsets.US_ASCII)))
                .isInstanceOfSatisfying(
                        SSLException.class,
                        failure ->
                                assertThat(TlsSentence.of(failure))
                                        .startsWith("does not speak TLS: "));
    }

    @Test
    void unusable_files_are_named_with_what_is_wrong() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.crt"));
        assertThatThrownBy(() -> FtpsClient.of(empty))
                .hasMessageContaining("empty.crt holds no certificate");
        assertThatThrownBy(() -> FtpsServer.of(certificates.gateway, certificates.gateway, null))
                .hasMessageContaining("gateway.crt holds no key that can be read");
        assertThatThrownBy(() -> FtpsServer.of(certificates.agent, certificates.gatewayKey, null))
                .hasMessageContaining("gateway.key is not the key of");
    }
}
