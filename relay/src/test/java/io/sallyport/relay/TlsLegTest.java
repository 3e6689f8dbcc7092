package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tls.FtpsOrigin;
import io.sallyport.relay.tls.FtpsServer;
import io.sallyport.relay.tls.TlsLeg;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a leg with TLS promises: a partner speaks TLS to the agent, and the agent speaks TLS or
 * plain to the origin.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ParameterizedClass
@MethodSource("ways")
@Timeout(60)
class TlsLegTest {
    private static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MIB = 1024 * 1024;
    private static final byte[] BLOCK = new byte[128 * 1024];

    static {
        new Random(7).nextBytes(BLOCK);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(ChannelKind.RAW, "TLSv1.2"),
                Arguments.of(ChannelKind.RAW, "TLSv1.3"),
                Arguments.of(ChannelKind.FRAMED, "TLSv1.2"),
                Arguments.of(ChannelKind.FRAMED, "TLSv1.3"));
    }

    private final ChannelKind kind;
    private final String version;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ServerSocket origin;

    @SuppressWarnings("NullAway.Init")
    private Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    private SSLContext trusting;

    @SuppressWarnings("NullAway.Init")
    private Chain chain;

    TlsLegTest(ChannelKind kind, String version) {
        this.kind = kind;
        this.version = version;
    }

    @BeforeEach
    void an_origin_listens() throws Exception {
        origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        origin.setSoTimeout(20_000);
        certificates = new Certificates(Files.createDirectory(folder.resolve("ftps")));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = new FileInputStream(certificates.trust.toFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    @AfterEach
    void everything_is_closed() throws IOException {
        chain.close();
        origin.close();
        threads.shutdownNow();
    }

    private void chain(Chain.Wrapping wrapping) throws Exception {
        chain =
                new Chain(
                        folder,
                        kind,
                        new PortableEngine(),
                        PATIENT,
                        (InetSocketAddress) origin.getLocalSocketAddress(),
                        wrapping);
    }

    private void tlsEndsAtTheAgent(Duration patience) throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        tls.startTls(server.newSession().newEngine(), patience, () -> {});
                        return tls;
                    }
                });
    }

    /** The partner and the origin are plain; the agent speaks TLS with a gateway of its own. */
    private void tlsTowardsTheOrigin(String name) throws Exception {
        var client = FtpsOrigin.of(certificates.trust, name);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsOrigin(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.ORIGIN_RESET, "the origin");
                        tls.startTls(client.newSession().newEngine(), LONG, () -> {});
                        return tls;
                    }
                });
    }

    private Socket plainPartner() throws IOException {
        var socket = new Socket();
        socket.connect(chain.address(), 5_000);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private SSLSocket secure(Socket plain) throws IOException {
        // Does not close the plain one: that is left to the tests.
        var socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), false);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    private Socket accepted() throws IOException {
        Socket socket = origin.accept();
        socket.setSoTimeout(30_000);
        return socket;
    }

    private SSLSocket acceptedSecurely() throws Exception {
        return secureAtOrigin(accepted());
    }

    private SSLSocket secureAtOrigin(Socket plain) throws Exception {
        var context =
                (JdkSslContext)
                        SslContextBuilder.forServer(
                                        certificates.gateway.toFile(),
                                        certificates.gatewayKey.toFile())
                                .sslProvider(SslProvider.JDK)
                                .build();
        var socket =
                (SSLSocket) context.context().getSocketFactory().createSocket(plain, null, false);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    private static void send(Socket socket, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int left = bytes; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, Math.min(BLOCK.length, left));
        }
    }

    private record Received(long bytes, long checksum) {
        static Received all(int bytes) {
            var sum = new CRC32C();
            for (int left = bytes; left > 0; left -= BLOCK.length) {
                sum.update(BLOCK, 0, Math.min(BLOCK.length, left));
            }
            return new Received(bytes, sum.getValue());
        }
    }

    /** Reads to the orderly end. */
    private static Received receive(Socket socket) throws IOException {
        var sum = new CRC32C();
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        InputStream in = socket.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sum.update(buffer, 0, n);
            bytes += n;
        }
        return new Received(bytes, sum.getValue());
    }

    private <T> CompletableFuture<T> async(Callable<T> work) {
        var result = new CompletableFuture<T>();
        threads.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static <T> T of(CompletableFuture<T> result) throws Exception {
        return result.get(40, TimeUnit.SECONDS);
    }

    private static Chain.Ended ended(BlockingQueue<Chain.Ended> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "the relay did not end");
    }

    private void everythingCompleted() throws InterruptedException {
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.COMPLETED);
    }

    private enum End {
        IN_ORDER,
        RESET
    }

    private static End endOf(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return End.IN_ORDER;
        } catch (IOException reset) {
            return End.RESET;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void an_upload_arrives_whole_and_its_end_arrives_in_order(int bytes) throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            var sent =
                    async(() -> {
                        SSLSocket partner = secure(plain);
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return endOf(partner);
                    });
            try (Socket accepted = accepted()) {
                assertThat(receive(accepted)).isEqualTo(Received.all(bytes));
            }
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void a_download_arrives_whole_although_the_origin_closes_at_once(int bytes) throws Exception {
        tlsEndsAtTheAgent(LONG);
        var sent =
                async(() -> {
                    try (Socket accepted = accepted()) {
                        send(accepted, bytes);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    }
                });
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            partner.close();
        }
        assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        everythingCompleted();
    }

    @Test
    void a_partner_may_answer_the_end_of_a_download_by_closing_only() throws Exception {
        tlsEndsAtTheAgent(LONG);
        var sent =
                async(() -> {
                    try (Socket accepted = accepted()) {
                        send(accepted, MIB);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    }
                });
        try (Socket plain = plainPartner()) {
            assertThat(receive(secure(plain))).isEqualTo(Received.all(MIB));
        }
        assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        everythingCompleted();
    }

    @Test
    void a_partner_that_waits_for_our_close_notify_gets_it() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.IN_ORDER);
            accepted.close();
            assertThat(endOf(partner)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4 * MIB, 64 * MIB})
    void after_a_half_close_the_other_direction_still_carries_everything(int bytes)
            throws Exception {
        tlsEndsAtTheAgent(LONG);
        Assumptions.assumeTrue(version.equals("TLSv1.3"), "TLS 1.2 has no half-close");
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            var served =
                    async(() -> {
                        try (Socket accepted = accepted()) {
                            Received received = receive(accepted);
                            send(accepted, bytes);
                            return received;
                        }
                    });
            var sent =
                    async(() -> {
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return true;
                    });
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            assertThat(of(served)).isEqualTo(Received.all(bytes));
            of(sent);
        }
        everythingCompleted();
    }

    @Test
    void what_can_not_be_sent_after_a_partners_TLS_1_2_has_ended_resets_both_sides()
            throws Exception {
        tlsEndsAtTheAgent(LONG);
        Assumptions.assumeTrue(version.equals("TLSv1.2"), "TLS 1.3 has half-close");
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            partner.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            send(accepted, 1);
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            assertThatThrownBy(() -> send(accepted, 16 * MIB)).isInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent))
                .isEqualTo(
                        new Chain.Ended(
                                EndReason.PARTNER_RESET,
                                "the partner can't be sent the rest: it had ended its TLS 1.2"
                                        + " connection"));
    }

    @Test
    void the_origins_end_leaves_the_other_direction_open() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            try (Socket accepted = accepted()) {
                accepted.shutdownOutput();
                assertThat(partner.getInputStream().read()).isEqualTo(-1);
                if (version.equals("TLSv1.3")) {
                    send(partner, 4 * BLOCK.length);
                    partner.shutdownOutput();
                    assertThat(receive(accepted)).isEqualTo(Received.all(4 * BLOCK.length));
                } else {
                    assertThat(receive(accepted)).isEqualTo(Received.all(0));
                }
            }
        }
        everythingCompleted();
    }

    @Test
    void an_upload_that_ends_without_close_notify_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            plain.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            assertThat(endOf(plain)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent))
                .isEqualTo(
                        new Chain.Ended(
                                EndReason.PARTNER_RESET,
                                "the partner ended its TLS connection without close_notify: it was"
                                        + " cut"));
    }

    @Test
    void a_conversation_may_end_without_close_notify_where_that_is_allowed() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        tls.acceptEndWithoutCloseNotify();
                        tls.startTls(server.newSession().newEngine(), LONG, () -> {});
                        return tls;
                    }
                });
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            send(partner, MIB);
            plain.shutdownOutput();
            try (Socket accepted = accepted()) {
                assertThat(receive(accepted)).isEqualTo(Received.all(MIB));
                send(accepted, 1);
                assertThat(partner.getInputStream().readNBytes(1)).hasSize(1);
            }
            assertThat(endOf(partner)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @Test
    void a_partner_that_resets_an_upload_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        Socket plain = plainPartner();
        try (Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            plain.setSoLinger(true, 0);
            plain.close();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
    }

    @Test
    void an_origin_that_resets_a_download_makes_the_partner_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            send(accepted, BLOCK.length);
            partner.getInputStream().readNBytes(BLOCK.length);
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThat(endOf(partner)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.ORIGIN_RESET);
    }

    @Test
    void a_data_channel_that_is_cut_resets_partner_and_origin() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            var channel = chain.dataChannels.getFirst();
            // In order, as TCP sees it.
            channel.eventLoop()
                    .execute(() -> {
                        channel.config().setSoLinger(-1);
                        channel.unsafe().close(channel.voidPromise());
                    });
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            if (kind == ChannelKind.FRAMED) {
                assertThat(endOf(partner)).isEqualTo(End.RESET);
            }
        }
    }

    @Test
    void a_partner_that_does_not_read_stops_the_origin_within_the_memory_bound() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            plain.setReceiveBufferSize(64 * 1024);
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            var flood =
                    async(() -> {
                        send(accepted, 512 * MIB);
                        return true;
                    });
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(new StoppedGrowing());
            assertThat(flood).isNotDone();
            assertThat(partner.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
            accepted.close();
        }
    }

    private final class StoppedGrowing implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            long now = chain.gatewayRelays.getFirst().bytesFromOrigin();
            boolean same = now == last;
            last = now;
            return same;
        }
    }

    @Test
    void an_origin_that_does_not_read_stops_the_partner_within_the_memory_bound() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            var flood =
                    async(() -> {
                        send(partner, 64 * MIB);
                        partner.shutdownOutput();
                        return true;
                    });
            assertThat(accepted.getInputStream().readNBytes(1)).hasSize(1);
            assertThat(flood).isNotDone();
            assertThat(receive(accepted).bytes()).isEqualTo(64L * MIB - 1);
            of(flood);
        }
    }

    @Test
    void an_origin_that_floods_during_the_handshake_is_not_read_on() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            var flood =
                    async(() -> {
                        send(accepted, 64 * MIB);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    });
            assertThatThrownBy(() -> flood.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            SSLSocket partner = secure(plain);
            assertThat(receive(partner)).isEqualTo(Received.all(64 * MIB));
            partner.close();
            plain.shutdownOutput();
            assertThat(of(flood)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @Test
    void bytes_go_both_ways_at_once() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            var up =
                    async(() -> {
                        send(partner, 16 * MIB);
                        return true;
                    });
            var down =
                    async(() -> {
                        send(accepted, 16 * MIB);
                        return true;
                    });
            var atOrigin = async(() -> accepted.getInputStream().readNBytes(16 * MIB).length);
            assertThat(partner.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
            assertThat(of(atOrigin)).isEqualTo(16 * MIB);
            of(up);
            of(down);
        }
    }

    @Test
    void a_partner_that_does_not_speak_TLS_is_told_an_alert_and_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream()
                    .write("USER anonymous\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            assertThat(partner.getInputStream().readNBytes(1)).containsExactly(21);
        }
        assertThat(ended(chain.endedAtAgent).why()).startsWith("the partner does not speak TLS: ");
    }

    @Test
    void a_partner_that_breaks_off_the_handshake_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .isEqualTo("the partner closed the connection during the TLS handshake");
    }

    @Test
    void a_handshake_that_takes_too_long_resets_both_sides() throws Exception {
        tlsEndsAtTheAgent(Duration.ofSeconds(1));
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .startsWith("the partner did not finish the TLS handshake within 1 s");
    }

    @Test
    void a_partner_that_is_refused_after_the_handshake_was_sent_nothing() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        tls.startTls(
                                server.newSession().newEngine(),
                                LONG,
                                () -> tls.lose("is not the right one"));
                        return tls;
                    }
                });
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            send(accepted, BLOCK.length);
            await().until(() -> !chain.gatewayRelays.isEmpty());
            assertThatThrownBy(() -> secure(plain).getInputStream().readNBytes(1))
                    .isInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent).why()).isEqualTo("the partner is not the right one");
    }

    @Test
    void a_plain_leg_goes_over_to_TLS_when_it_is_told_to() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        var started = new CompletableFuture<TlsLeg>();
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        started.complete(tls);
                        return tls;
                    }
                });
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            send(plain, 10);
            assertThat(accepted.getInputStream().readNBytes(10)).hasSize(10);
            send(accepted, 20);
            assertThat(plain.getInputStream().readNBytes(20)).hasSize(20);
            TlsLeg leg = of(started);
            leg.loop()
                    .submit(() -> leg.startTls(server.newSession().newEngine(), LONG, () -> {}))
                    .get();
            SSLSocket partner = secure(plain);
            send(partner, MIB);
            assertThat(accepted.getInputStream().readNBytes(MIB)).hasSize(MIB);
            send(accepted, MIB);
            assertThat(partner.getInputStream().readNBytes(MIB)).hasSize(MIB);
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.IN_ORDER);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void an_upload_to_an_origin_with_TLS_arrives_whole(int bytes) throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            var sent =
                    async(() -> {
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return endOf(partner);
                    });
            SSLSocket accepted = acceptedSecurely();
            assertThat(receive(accepted)).isEqualTo(Received.all(bytes));
            accepted.close();
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void a_download_from_an_origin_with_TLS_arrives_whole(int bytes) throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            var sent =
                    async(() -> {
                        SSLSocket accepted = acceptedSecurely();
                        send(accepted, bytes);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    });
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            partner.shutdownOutput();
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
    }

    @Test
    void a_download_that_the_origin_ends_without_close_notify_makes_the_partner_see_a_reset()
            throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            Socket plain = accepted();
            var sent =
                    async(() -> {
                        var accepted = secureAtOrigin(plain);
                        send(accepted, BLOCK.length);
                        plain.shutdownOutput();
                        return true;
                    });
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            of(sent);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.ORIGIN_RESET);
    }

    @Test
    void an_origin_with_another_name_gets_nothing_and_the_partner_a_reset() throws Exception {
        tlsTowardsTheOrigin("elsewhere.example");
        try (Socket partner = plainPartner()) {
            send(partner, 1);
            var served = async(() -> receive(acceptedSecurely()));
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            assertThatThrownBy(() -> of(served)).hasCauseInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .startsWith("the origin shows a certificate for other names: ");
    }
}
