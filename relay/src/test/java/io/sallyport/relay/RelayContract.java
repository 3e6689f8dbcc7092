package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.RandomSession.Side;
import io.sallyport.relay.tcp.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine promises on every transport and every kind of data channel. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
public abstract class RelayContract {
    private static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final int MIB = 1024 * 1024;
    private static final byte[] BLOCK = new byte[128 * 1024];

    static {
        new Random(7).nextBytes(BLOCK);
    }

    private final Transport transport;
    private final ChannelKind kind;
    private final RelayEngine engine;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ServerSocket origin;

    @SuppressWarnings("NullAway.Init")
    private Chain chain;

    protected RelayContract(Transport transport, ChannelKind kind, RelayEngine engine) {
        this.transport = transport;
        this.kind = kind;
        this.engine = engine;
    }

    @BeforeEach
    void an_origin_listens() throws IOException {
        origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        origin.setSoTimeout(20_000);
    }

    @AfterEach
    void everything_is_closed() throws IOException {
        chain.close();
        origin.close();
        threads.shutdownNow();
    }

    private void chain(RelayTimeouts timeouts) throws Exception {
        chain =
                new Chain(
                        folder,
                        transport,
                        kind,
                        engine,
                        timeouts,
                        (InetSocketAddress) origin.getLocalSocketAddress(),
                        new Chain.Wrapping() {});
    }

    private Socket partner() throws IOException {
        var socket = new Socket();
        socket.connect(chain.address(), 5_000);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private Socket accepted() throws IOException {
        Socket socket = origin.accept();
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int left = bytes; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, Math.min(BLOCK.length, left));
        }
    }

    private static long checksum(int bytes) {
        var sum = new CRC32C();
        for (int left = bytes; left > 0; left -= BLOCK.length) {
            sum.update(BLOCK, 0, Math.min(BLOCK.length, left));
        }
        return sum.getValue();
    }

    private record Received(long bytes, long checksum) {}

    /** Reads to the orderly end, and pauses now and then as a slow reader does. */
    private static Received receive(Socket socket, boolean slowly) throws IOException {
        var sum = new CRC32C();
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        InputStream in = socket.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sum.update(buffer, 0, n);
            bytes += n;
            if (slowly) {
                LockSupport.parkNanos(200_000);
            }
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

    private Chain.Ended ended(BlockingQueue<Chain.Ended> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "the relay did not end");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4 * MIB, 64 * MIB})
    void an_upload_arrives_whole_and_its_end_arrives_in_order(int bytes) throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            var sent =
                    async(() -> {
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return true;
                    });
            try (Socket accepted = accepted()) {
                assertThat(receive(accepted, true)).isEqualTo(new Received(bytes, checksum(bytes)));
            }
            sent.get(20, TimeUnit.SECONDS);
        }
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4 * MIB, 64 * MIB})
    void a_download_arrives_whole_although_the_origin_closes_at_once(int bytes) throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            var sent =
                    async(() -> {
                        try (Socket accepted = accepted()) {
                            send(accepted, bytes);
                        }
                        return true;
                    });
            assertThat(receive(partner, true)).isEqualTo(new Received(bytes, checksum(bytes)));
            sent.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_byte_that_is_marked_as_urgent_arrives_in_its_place() throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            partner.getOutputStream().write('A');
            partner.sendUrgentData('B');
            partner.shutdownOutput();
            try (Socket accepted = accepted()) {
                assertThat(accepted.getInputStream().readAllBytes()).containsExactly('A', 'B');
            }
        }
    }

    // The case that told a transport that loses data from one that does not.
    @ParameterizedTest
    @ValueSource(ints = {1, 4 * MIB, 64 * MIB})
    void after_a_half_close_the_other_direction_still_carries_everything(int bytes)
            throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            var served =
                    async(() -> {
                        try (Socket accepted = accepted()) {
                            Received received = receive(accepted, true);
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
            assertThat(receive(partner, true)).isEqualTo(new Received(bytes, checksum(bytes)));
            assertThat(served.get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Received(bytes, checksum(bytes)));
            sent.get(20, TimeUnit.SECONDS);
        }
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
    }

    @Test
    void a_partner_that_resets_an_upload_makes_the_origin_see_a_reset() throws Exception {
        chain(PATIENT);
        Socket partner = partner();
        send(partner, 4 * BLOCK.length);
        try (Socket accepted = accepted()) {
            accepted.getInputStream().readNBytes(BLOCK.length);
            partner.setSoLinger(true, 0);
            partner.close();
            assertThat(End.of(accepted)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.PARTNER_RESET);
        ended(chain.endedAtAgent);
    }

    @Test
    void an_origin_that_resets_a_download_makes_the_partner_see_a_reset() throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            Socket accepted = accepted();
            send(accepted, BLOCK.length);
            partner.getInputStream().readNBytes(BLOCK.length);
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThat(End.of(partner)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.ORIGIN_RESET);
        ended(chain.endedAtGateway);
    }

    @Test
    void a_data_channel_that_is_cut_resets_partner_and_origin() throws Exception {
        chain(PATIENT);
        try (Socket partner = partner();
                Socket accepted = accepted()) {
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            var channel = chain.dataChannels.getFirst();
            // Past frames and TLS: it ends in order as TCP sees it, but the session does not.
            channel.eventLoop()
                    .execute(() -> {
                        channel.lingerOnClose();
                        channel.unsafe().close(channel.voidPromise());
                    });
            assertThat(End.of(accepted)).isEqualTo(End.RESET);
            assertThat(End.of(partner)).isEqualTo(End.RESET);
        }
    }

    @Test
    void a_partner_that_does_not_read_stops_the_origin_within_the_memory_bound() throws Exception {
        chain(PATIENT);
        try (Socket partner = partner()) {
            partner.setReceiveBufferSize(64 * 1024);
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
            long before = chain.gatewayRelays.getFirst().bytesFromOrigin();
            assertThat(partner.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> chain.gatewayRelays.getFirst().bytesFromOrigin() > before);
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
    void a_session_that_moves_no_byte_is_reset_after_its_idle_timeout() throws Exception {
        chain(new RelayTimeouts(Duration.ofMillis(300), Duration.ofMinutes(5)));
        try (Socket partner = partner();
                Socket accepted = accepted()) {
            assertThat(End.of(partner)).isEqualTo(End.RESET);
            assertThat(End.of(accepted)).isEqualTo(End.RESET);
        }
    }

    @Test
    void a_half_closed_session_that_moves_no_byte_is_reset_after_its_half_close_timeout()
            throws Exception {
        chain(new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMillis(300)));
        try (Socket partner = partner();
                Socket accepted = accepted()) {
            partner.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            assertThat(End.of(partner)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtGateway).reason())
                .isIn(EndReason.HALF_CLOSE_TIMEOUT, EndReason.CHANNEL_LOST);
    }

    @Test
    void bytes_go_both_ways_at_once() throws Exception {
        chain(PATIENT);
        try (Socket partner = partner();
                Socket accepted = accepted()) {
            var up =
                    async(() -> {
                        send(partner, 16 * MIB);
                        partner.shutdownOutput();
                        return true;
                    });
            var down =
                    async(() -> {
                        send(accepted, 16 * MIB);
                        accepted.shutdownOutput();
                        return true;
                    });
            var atOrigin = async(() -> receive(accepted, false));
            assertThat(receive(partner, false))
                    .isEqualTo(new Received(16 * MIB, checksum(16 * MIB)));
            assertThat(atOrigin.get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Received(16 * MIB, checksum(16 * MIB)));
            up.get(20, TimeUnit.SECONDS);
            down.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_partner_that_resets_a_download_which_it_does_not_read_makes_the_origin_see_a_reset()
            throws Exception {
        chain(PATIENT);
        Socket partner = partner();
        try (Socket accepted = accepted()) {
            var flood =
                    async(() -> {
                        send(accepted, 512 * MIB);
                        return true;
                    });
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(20))
                    .until(new StoppedGrowing());
            partner.setSoLinger(true, 0);
            partner.close();
            assertThat(flood)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(SocketException.class);
        }
        assertThat(ended(chain.endedAtGateway).reason()).isEqualTo(EndReason.PARTNER_RESET);
        ended(chain.endedAtAgent);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void random_sessions_side_by_side_arrive_whole_or_are_reset(long seed) throws Exception {
        chain(PATIENT);
        List<CompletableFuture<Boolean>> played = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Socket partner = partner();
            // One after the other, so that it is known which two belong together.
            Socket accepted = accepted();
            var session = new RandomSession(seed * 100 + i);
            played.add(play(session, Side.PARTNER, partner));
            played.add(play(session, Side.ORIGIN, accepted));
        }
        for (var one : played) {
            assertThat(one).succeedsWithin(Duration.ofSeconds(40));
        }
    }

    private CompletableFuture<Boolean> play(RandomSession session, Side side, Socket socket) {
        return async(() -> session.receive(side, socket))
                .thenCombine(
                        async(() -> session.sendOrSeeReset(side, socket)),
                        (seen, resetSeen) -> {
                            assertThat(session.allows(side, seen, resetSeen))
                                    .as("%s at the %s of %s", seen, side, session)
                                    .isTrue();
                            return true;
                        })
                .whenComplete((_, _) -> closeQuietly(socket));
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // The test has seen what it wanted.
        }
    }
}
