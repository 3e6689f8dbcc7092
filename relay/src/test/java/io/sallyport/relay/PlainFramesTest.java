package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.DataFrameDecoder;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.kernel.KernelEngine;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session between a partner and a plain data channel whose other end is written by hand: frames
 * of any size, cut anywhere.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ParameterizedClass
@MethodSource("engines")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PlainFramesTest {
    private static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final int MIB = 1024 * 1024;
    private static final byte[] BYTES = new byte[32 * MIB];

    static {
        new Random(7).nextBytes(BYTES);
    }

    static Stream<RelayEngine> engines() {
        return Stream.of(new PortableEngine(), new KernelEngine());
    }

    private final RelayEngine engine;
    private final EventLoop loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).next();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<SocketLeg> partnerLeg = new CompletableFuture<>();
    private final CompletableFuture<Relay> relay = new CompletableFuture<>();
    private final BlockingQueue<Chain.Ended> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ticket> offers = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private Socket partner;

    @SuppressWarnings("NullAway.Init")
    private Socket peer;

    PlainFramesTest(RelayEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void a_session_begins() throws Exception {
        partner = connect(listen(this::partnerAccepted));
        partnerLeg.get(10, TimeUnit.SECONDS);
        peer = connect(listen(this::channelAccepted));
        send(frame(new Ready(Ticket.random())));
        relay.get(10, TimeUnit.SECONDS);
        offers.clear();
    }

    @AfterEach
    void everything_is_closed() throws Exception {
        partner.close();
        peer.close();
        threads.shutdownNow();
        loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private InetSocketAddress listen(Consumer<TcpChannel> onAccept) throws Exception {
        var channel = new TcpServerChannel(InetAddress.getLoopbackAddress());
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                                onAccept.accept((TcpChannel) accepted);
                            }
                        });
        loop.register(channel).sync();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync();
        return channel.localAddress();
    }

    private static Socket connect(InetSocketAddress to) throws IOException {
        var socket = new Socket(to.getAddress(), to.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private void partnerAccepted(TcpChannel channel) {
        var leg = SocketLeg.of(channel, EndReason.PARTNER_RESET, () -> "the partner");
        loop.register(channel).addListener(_ -> partnerLeg.complete(leg));
    }

    private void channelAccepted(TcpChannel channel) {
        channel.pipeline().addLast(new FramedChannel(channel, ChannelKind.PLAIN, new Gateway()));
        loop.register(channel).addListener(_ -> channel.config().setAutoRead(true));
    }

    private final class Gateway implements FramedChannel.Owner {
        @Override
        public String peer() {
            return "the agent";
        }

        @Override
        public void onReady(FramedChannel channel, Ticket ticket) {
            offers.add(ticket);
            if (!relay.isDone()) {
                var somewhere = new Endpoint(InetAddress.getLoopbackAddress(), 1);
                var opening = new SessionOpening(SessionId.random(), "files", somewhere, somewhere);
                Leg leg = channel.open(opening, Ticket.random(), () -> {});
                relay.complete(
                        engine.join(
                                partnerLeg.join(),
                                leg,
                                PATIENT,
                                (reason, why) -> ended.add(new Chain.Ended(reason, why))));
            }
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {}

        @Override
        public void onClosed(FramedChannel channel, String why) {}
    }

    // ---- frames

    private static byte[] frame(DataFrame frame) {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.encode(frame, out);
        return bytesOf(out);
    }

    private static byte[] header(int length) {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.dataHeader(out, length);
        return bytesOf(out);
    }

    private static byte[] bytesOf(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    /** The first bytes of the test's, in frames of these sizes, again and again. */
    private static byte[] framed(int bytes, int... sizes) {
        var out = new ByteArrayOutputStream(bytes + bytes / 4);
        int at = 0;
        for (int i = 0; at < bytes; i++) {
            int size = Math.min(sizes[i % sizes.length], bytes - at);
            out.writeBytes(header(size));
            out.write(BYTES, at, size);
            at += size;
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private void send(byte[] bytes) throws IOException {
        peer.getOutputStream().write(bytes);
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private <T> CompletableFuture<T> aside(Work<T> work) {
        var result = new CompletableFuture<T>();
        threads.execute(() -> {
            try {
                result.complete(work.run());
            } catch (Exception failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private CompletableFuture<Boolean> sendAside(byte[] bytes) {
        return aside(() -> {
            send(bytes);
            return true;
        });
    }

    private static byte[] first(int bytes) {
        return Arrays.copyOf(BYTES, bytes);
    }

    private Chain.Ended ended() throws InterruptedException {
        Chain.Ended end = ended.poll(20, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        return end;
    }

    private void assertCompleted() throws Exception {
        partner.shutdownOutput();
        assertThat(received().frames).containsExactly(new End());
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
        Ticket next = Ticket.random();
        send(frame(new Ready(next)));
        assertThat(offers.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
    }

    private void assertPartnerReset() {
        assertThatThrownBy(() -> partner.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    /** What came on the data channel up to END or RESET, or to the end of the connection. */
    private static final class Received {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final List<DataFrame> frames = new ArrayList<>();
        @Nullable IOException lost;

        private void take(DataFrame frame) {
            if (frame instanceof Data(var part)) {
                bytes.writeBytes(bytesOf(part));
                part.release();
            } else {
                frames.add(frame);
            }
        }
    }

    private Received received() throws ProtocolException {
        var received = new Received();
        var decoder = new DataFrameDecoder();
        var buffer = new byte[64 * 1024];
        try {
            InputStream in = peer.getInputStream();
            while (received.frames.isEmpty()) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                decoder.feed(Unpooled.wrappedBuffer(buffer, 0, count), received::take);
            }
        } catch (IOException lost) {
            received.lost = lost;
        }
        return received;
    }

    // ---- towards the partner

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void frames_of_any_size_cut_anywhere_arrive_whole(long seed) throws Exception {
        var random = new Random(seed);
        int[] sizes = new int[500];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1 + random.nextInt(1 << (1 + random.nextInt(20)));
        }
        byte[] sent = joined(framed(BYTES.length, sizes), frame(new End()));
        var sending =
                aside(() -> {
                    for (int at = 0; at < sent.length; ) {
                        int part = 1 + random.nextInt(1 << (1 + random.nextInt(20)));
                        part = Math.min(part, sent.length - at);
                        peer.getOutputStream().write(sent, at, part);
                        at += part;
                    }
                    return true;
                });

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 1_000, 4_095, 4_096, 4_097, 64 * 1024, MIB - 1, MIB})
    void frames_of_one_size_arrive_whole_and_the_end_right_behind_them(int size) throws Exception {
        int bytes = size < 1_000 ? 2 * MIB : BYTES.length;
        var sending = sendAside(joined(framed(bytes, size), frame(new End())));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(first(bytes));

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @Test
    void large_frames_and_small_ones_by_turns_arrive_whole() throws Exception {
        var sending =
                sendAside(joined(framed(BYTES.length, MIB, 1, 1, 300_000, 100), frame(new End())));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @Test
    void the_next_offer_may_be_right_behind_bulk_and_its_end() throws Exception {
        partner.shutdownOutput();
        assertThat(received().frames).containsExactly(new End());
        Ticket next = Ticket.random();
        var sending =
                sendAside(
                        joined(
                                framed(BYTES.length, MIB),
                                frame(new End()),
                                frame(new Ready(next))));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(offers.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
    }

    /** Brings a part of what is sent so far ahead that it has arrived alone. */
    private void sendInTwo(byte[] bytes, int firstPart, int sessionBytesInIt) throws Exception {
        var sending = sendAside(Arrays.copyOf(bytes, firstPart));
        assertThat(partner.getInputStream().readNBytes(sessionBytesInIt))
                .isEqualTo(first(sessionBytesInIt));
        sending.get(10, TimeUnit.SECONDS);
        Thread.sleep(50);
        send(Arrays.copyOfRange(bytes, firstPart, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void a_header_in_bulk_may_come_in_two_parts(int ahead) throws Exception {
        int before = 8 * MIB;
        byte[] bulk = framed(before, MIB);
        byte[] all = joined(framed(16 * MIB, MIB), frame(new End()));
        int sessionBytes = before + Math.max(0, ahead - 4);

        var sending = sendAside(Arrays.copyOf(all, bulk.length + ahead));
        assertThat(partner.getInputStream().readNBytes(sessionBytes))
                .isEqualTo(first(sessionBytes));
        sending.get(10, TimeUnit.SECONDS);
        Thread.sleep(50);
        var more = sendAside(Arrays.copyOfRange(all, bulk.length + ahead, all.length));

        assertThat(partner.getInputStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(BYTES, sessionBytes, 16 * MIB));
        more.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void the_end_of_bulk_may_come_in_two_parts(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);

        sendInTwo(joined(bulk, frame(new End())), bulk.length + ahead, 8 * MIB);

        assertThat(partner.getInputStream().read()).isEqualTo(-1);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 9})
    void a_reset_behind_bulk_is_told_with_its_reason_however_it_is_cut(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);
        byte[] reset = frame(new Reset(EndReason.ORIGIN_RESET, "the origin was reset"));

        sendInTwo(joined(bulk, reset), bulk.length + ahead, 8 * MIB);

        assertPartnerReset();
        assertThat(ended())
                .isEqualTo(new Chain.Ended(EndReason.ORIGIN_RESET, "the origin was reset"));
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    static Stream<byte[]> brokenFrames() {
        return Stream.of(
                new byte[] {0, 0, 0, 0},
                new byte[] {7, 0, 0, 0},
                new byte[] {4, 0, 0, 0},
                new byte[] {4, 0x10, 0, 1},
                new byte[] {6, 0, 0, 0},
                frame(new Ready(Ticket.random())));
    }

    @ParameterizedTest
    @MethodSource("brokenFrames")
    void what_may_not_follow_in_bulk_ends_the_session(byte[] broken) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);

        sendInTwo(joined(bulk, broken), bulk.length, 8 * MIB);

        assertPartnerReset();
        assertThat(ended().reason()).isEqualTo(EndReason.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200 * 1024, MIB})
    void nothing_follows_the_end(int bytes) throws Exception {
        // Bulk and its end are read in one turn, since the loop sleeps until both are there.
        int before = 100 * 1024;
        loop.execute(() -> LockSupport.parkNanos(Duration.ofMillis(200).toNanos()));
        send(joined(framed(before, before), frame(new End())));
        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(first(before));

        // What the other side does not take is not the test's.
        var _ = sendAside(joined(header(bytes), first(bytes)));

        assertThat(ended().reason()).isEqualTo(EndReason.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 100_000})
    void a_channel_that_ends_in_bulk_is_lost(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);
        byte[] more = joined(header(MIB), first(MIB));
        int sessionBytes = 8 * MIB + Math.max(0, ahead - 4);
        var sending = sendAside(joined(bulk, Arrays.copyOf(more, ahead)));
        assertThat(partner.getInputStream().readNBytes(sessionBytes)).hasSize(sessionBytes);
        sending.get(10, TimeUnit.SECONDS);

        peer.shutdownOutput();

        assertPartnerReset();
        assertThat(ended().reason()).isEqualTo(EndReason.CHANNEL_LOST);
    }

    // ---- from the partner

    @Test
    void what_a_partner_sends_in_bulk_comes_in_frames_and_then_its_end() throws Exception {
        var sending = partnerSends(BYTES);
        // So that the channel is full first.
        Thread.sleep(200);

        Received received = received();

        assertThat(received.bytes.toByteArray()).isEqualTo(BYTES);
        assertThat(received.frames).containsExactly(new End());
        sending.get(10, TimeUnit.SECONDS);
        send(frame(new End()));
        assertThat(partner.getInputStream().read()).isEqualTo(-1);
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
    }

    private CompletableFuture<Boolean> partnerSends(byte[] bytes) {
        return aside(() -> {
            partner.getOutputStream().write(bytes);
            partner.shutdownOutput();
            return true;
        });
    }

    private final class StoppedGrowing implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            long now = relay.join().bytesFromPartner();
            boolean same = now == last;
            last = now;
            return same;
        }
    }

    @Test
    void a_reset_never_comes_in_the_middle_of_a_frame() throws Exception {
        Thread sending = Flood.from(partner);
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(20))
                .until(new StoppedGrowing());

        relay.join().abort(EndReason.SHUTDOWN, "the gateway was stopped");

        Received received = received();
        assertThat(received.bytes.toByteArray()).containsOnly(0);
        if (engine.name().equals("kernel")) {
            // A frame was announced, and the kernel had a part of it.
            assertThat(received.frames).isEmpty();
            assertThat(received.lost).isInstanceOf(SocketException.class);
        } else {
            assertThat(received.frames)
                    .containsExactly(new Reset(EndReason.SHUTDOWN, "the gateway was stopped"));
        }
        sending.join();
    }

    @Test
    void a_reset_follows_bulk_that_was_taken() throws Exception {
        int bytes = 16 * MIB;
        var sending =
                aside(() -> {
                    partner.getOutputStream().write(BYTES, 0, bytes);
                    return true;
                });
        var receiving = aside(this::received);
        sending.get(10, TimeUnit.SECONDS);
        await().until(() -> relay.join().bytesFromPartner() == bytes);
        Thread.sleep(200);

        relay.join().abort(EndReason.SHUTDOWN, "the gateway was stopped");

        Received received = receiving.get(10, TimeUnit.SECONDS);
        assertThat(received.bytes.toByteArray()).isEqualTo(first(bytes));
        assertThat(received.frames)
                .containsExactly(new Reset(EndReason.SHUTDOWN, "the gateway was stopped"));
    }
}
