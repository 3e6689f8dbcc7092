package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.DataFrameDecoder;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.Transport;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;

/**
 * A session between a partner and a plain data channel whose other end is written by hand: frames
 * of any size, cut anywhere.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
abstract class PlainFramesBench {
    static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    static final int MIB = 1024 * 1024;
    static final byte[] BYTES = new byte[32 * MIB];

    static {
        new Random(7).nextBytes(BYTES);
    }

    private static final Endpoint SOMEWHERE = new Endpoint(InetAddress.getLoopbackAddress(), 1);
    private static final Ticket OFFERED = Ticket.random();
    private static final Open OPEN =
            new Open(
                    new SessionOpening(SessionId.random(), "files", SOMEWHERE, SOMEWHERE),
                    Ticket.random());

    final RelayEngine engine;
    final EventLoop loop = new MultiThreadIoEventLoopGroup(1, Transport.chosen().handlers()).next();
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final CompletableFuture<SocketLeg> partnerLeg = new CompletableFuture<>();
    final CompletableFuture<Relay> relay = new CompletableFuture<>();
    final BlockingQueue<Chain.Ended> ended = new LinkedBlockingQueue<>();
    final BlockingQueue<Ticket> offers = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    Socket partner;

    @SuppressWarnings("NullAway.Init")
    Socket peer;

    PlainFramesBench(RelayEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void a_session_begins() throws Exception {
        partner = connect(Listener.open(loop, this::partnerAccepted));
        partnerLeg.get(10, TimeUnit.SECONDS);
        peer = connect(Listener.open(loop, this::channelAccepted));
        send(frame(new Ready(OFFERED)));
        relay.get(10, TimeUnit.SECONDS);
        byte[] opening = OpeningKey.random().seal(OPEN, OFFERED).sealed().array();
        peer.getInputStream().readNBytes(DataFrameCodec.HEADER_BYTES + opening.length);
        offers.clear();
    }

    @AfterEach
    void everything_is_closed() throws Exception {
        partner.close();
        peer.close();
        threads.shutdownNow();
        loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static Socket connect(InetSocketAddress to) throws IOException {
        var socket = new Socket(to.getAddress(), to.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    void partnerAccepted(TcpChannel channel) {
        var leg = SocketLeg.of(channel, EndReason.PARTNER_RESET, () -> "the partner");
        loop.register(channel).addListener(_ -> partnerLeg.complete(leg));
    }

    void channelAccepted(TcpChannel channel) {
        channel.pipeline().addLast(new FramedChannel(channel, ChannelKind.PLAIN, new Gateway()));
        loop.register(channel).addListener(_ -> channel.config().setAutoRead(true));
    }

    final class Gateway implements ChannelOwner {
        @Override
        public String peer() {
            return "the agent";
        }

        @Override
        public void onReady(FramedChannel channel, Ticket ticket) {
            offers.add(ticket);
            if (!relay.isDone()) {
                Leg leg = channel.open(OpeningKey.random().seal(OPEN, ticket), () -> {});
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

    static byte[] frame(DataFrame frame) {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.encode(frame, out);
        return bytesOf(out);
    }

    static byte[] header(int length) {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.dataHeader(out, length);
        return bytesOf(out);
    }

    static byte[] bytesOf(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    /** The first bytes of the test's, in frames of these sizes, again and again. */
    static byte[] framed(int bytes, int... sizes) {
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

    static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        peer.getOutputStream().write(bytes);
    }

    interface Work<T> {
        T run() throws Exception;
    }

    <T> CompletableFuture<T> aside(Work<T> work) {
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

    CompletableFuture<Boolean> sendAside(byte[] bytes) {
        return aside(() -> {
            send(bytes);
            return true;
        });
    }

    static byte[] first(int bytes) {
        return Arrays.copyOf(BYTES, bytes);
    }

    Chain.Ended ended() throws InterruptedException {
        Chain.Ended end = ended.poll(20, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        return end;
    }

    void assertCompleted() throws Exception {
        partner.shutdownOutput();
        assertThat(received().frames).containsExactly(new End());
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
        Ticket next = Ticket.random();
        send(frame(new Ready(next)));
        assertThat(offers.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
    }

    void assertPartnerReset() {
        assertThatThrownBy(() -> partner.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    /** What came on the data channel up to END or RESET, or to the end of the connection. */
    static final class Received {
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

    Received received() throws ProtocolException {
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

    final class StoppedGrowing implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            long now = relay.join().bytesFromPartner();
            boolean same = now == last;
            last = now;
            return same;
        }
    }
}
