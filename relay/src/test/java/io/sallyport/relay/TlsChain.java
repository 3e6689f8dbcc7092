package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tcp.Transport;
import io.sallyport.relay.tls.FtpsClient;
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
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A chain in which a partner speaks TLS to the agent, or the agent to the origin, over data
 * channels of each kind and with each version of TLS.
 */
abstract class TlsChain {
    static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    static final Duration LONG = Duration.ofSeconds(20);
    static final int MIB = 1024 * 1024;
    static final byte[] BLOCK = new byte[128 * 1024];

    static {
        new Random(7).nextBytes(BLOCK);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(ChannelKind.PLAIN, "TLSv1.2"),
                Arguments.of(ChannelKind.PLAIN, "TLSv1.3"),
                Arguments.of(ChannelKind.ENCRYPTED, "TLSv1.2"),
                Arguments.of(ChannelKind.ENCRYPTED, "TLSv1.3"));
    }

    final ChannelKind kind;
    final String version;
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ServerSocket origin;

    @SuppressWarnings("NullAway.Init")
    Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    SSLContext trusting;

    @SuppressWarnings("NullAway.Init")
    Chain chain;

    TlsChain(ChannelKind kind, String version) {
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

    void chain(Chain.Wrapping wrapping) throws Exception {
        chain =
                new Chain(
                        folder,
                        Transport.chosen(),
                        kind,
                        new PortableEngine(),
                        PATIENT,
                        (InetSocketAddress) origin.getLocalSocketAddress(),
                        wrapping);
    }

    void tlsEndsAtTheAgent(Duration patience) throws Exception {
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
    void tlsTowardsTheOrigin(String name) throws Exception {
        var client = FtpsClient.of(certificates.trust);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsOrigin(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.ORIGIN_RESET, "the origin");
                        tls.startTls(client.newSession(name).newEngine(), LONG, () -> {});
                        return tls;
                    }
                });
    }

    Socket plainPartner() throws IOException {
        var socket = new Socket();
        socket.connect(chain.address(), 5_000);
        socket.setSoTimeout(30_000);
        return socket;
    }

    SSLSocket secure(Socket plain) throws IOException {
        // Does not close the plain one: that is left to the tests.
        var socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), false);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    Socket accepted() throws IOException {
        Socket socket = origin.accept();
        socket.setSoTimeout(30_000);
        return socket;
    }

    SSLSocket acceptedSecurely() throws Exception {
        return secureAtOrigin(accepted());
    }

    SSLSocket secureAtOrigin(Socket plain) throws Exception {
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
        socket.startHandshake();
        return socket;
    }

    static void send(Socket socket, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int left = bytes; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, Math.min(BLOCK.length, left));
        }
    }

    record Received(long bytes, long checksum) {
        static Received all(int bytes) {
            var sum = new CRC32C();
            for (int left = bytes; left > 0; left -= BLOCK.length) {
                sum.update(BLOCK, 0, Math.min(BLOCK.length, left));
            }
            return new Received(bytes, sum.getValue());
        }
    }

    /** Reads to the orderly end. */
    static Received receive(Socket socket) throws IOException {
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

    <T> CompletableFuture<T> async(Callable<T> work) {
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

    static <T> T of(CompletableFuture<T> result) throws Exception {
        return result.get(40, TimeUnit.SECONDS);
    }

    static Chain.Ended ended(BlockingQueue<Chain.Ended> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "the relay did not end");
    }

    void everythingCompleted() throws InterruptedException {
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.COMPLETED);
    }

    enum End {
        IN_ORDER,
        RESET
    }

    static End endOf(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return End.IN_ORDER;
        } catch (IOException reset) {
            return End.RESET;
        }
    }
}
