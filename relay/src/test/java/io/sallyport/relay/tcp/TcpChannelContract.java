package io.sallyport.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.sallyport.relay.Loops;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections promise on every transport. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
abstract class TcpChannelContract {
    static final String END = "the end";
    static final String CLOSED = "closed";
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    final Loops loops;
    private final BlockingQueue<TcpChannel> accepted = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private TcpServerChannel server;

    TcpChannelContract(Transport transport) {
        loops = new Loops(transport);
    }

    @BeforeEach
    void a_server_listens() throws Exception {
        server = listening(LOCAL);
        server.bind(new InetSocketAddress(LOCAL, 0)).sync();
    }

    @AfterEach
    void everything_is_closed() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        loops.close();
    }

    private TcpServerChannel listening(InetAddress address) throws Exception {
        var made = TcpServerChannel.open(loops.core(), address);
        made.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object connection) {
                                accepted.add((TcpChannel) connection);
                            }
                        });
        loops.core().register(made).sync();
        return made;
    }

    /** What a channel's pipeline is told, in order: bytes as text, the end, errors, the close. */
    static final class Told extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        final BlockingQueue<EventLoop> loops = new LinkedBlockingQueue<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            loops.add(ctx.channel().eventLoop());
            all.add(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ((ByteBuf) message).release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                all.add(END);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            all.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            all.add(CLOSED);
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(all.poll(10, TimeUnit.SECONDS), "nothing was told");
        }
    }

    /** A connection of ours, its peer, and what it is told. */
    record Connected(TcpChannel channel, Socket peer, Told told) {
        void send(String text) throws IOException {
            peer.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    Connected connected(boolean reading) throws Exception {
        var peer = new Socket(LOCAL, server.localAddress().getPort());
        opened.add(peer);
        peer.setSoTimeout(10_000);
        TcpChannel channel =
                Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "not accepted");
        channel.allowHalfClose();
        var told = new Told();
        channel.pipeline().addLast(told);
        loops.next().register(channel).sync();
        channel.config().setAutoRead(reading);
        return new Connected(channel, peer, told);
    }

    /** What was sent before this has arrived, and loops had time to tell of it. */
    void letEverythingArrive() throws Exception {
        for (int loop = 0; loop < Runtime.getRuntime().availableProcessors(); loop++) {
            Connected later = connected(true);
            later.send("now");
            assertThat(later.told().next()).isEqualTo("now");
        }
    }

    private ChannelFuture connect(InetSocketAddress to, int timeoutMillis) throws Exception {
        var channel = TcpChannel.open(loops.core(), to.getAddress());
        channel.config().setConnectTimeoutMillis(timeoutMillis);
        loops.core().register(channel).sync();
        return channel.connect(to).await();
    }

    @Test
    void as_much_waits_to_be_sent_as_a_session_may_hold_and_no_more() throws Exception {
        TcpChannel channel = connected(false).channel();
        WriteBufferWaterMark bound = channel.config().getWriteBufferWaterMark();
        assertThat(bound.high()).isEqualTo(TcpChannel.WRITE_BYTES_HIGH);
        assertThat(bound.low()).isEqualTo(TcpChannel.WRITE_BYTES_HIGH / 2);
    }

    @Test
    void a_refused_connection_is_told_with_the_words_of_the_system() throws Exception {
        int port = server.localAddress().getPort();
        server.close().sync();

        assertThat(connect(new InetSocketAddress(LOCAL, port), 0).cause())
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection refused");
    }

    @Test
    void an_address_that_does_not_answer_is_given_up_in_time() throws Exception {
        var full = new ServerSocket(0, 1, LOCAL);
        opened.add(full);
        for (int taken = 0; taken < 3; taken++) {
            var waiting = new Socket();
            opened.add(waiting);
            try {
                waiting.connect(full.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException silent) {
                break;
            }
        }

        ChannelFuture attempt = connect((InetSocketAddress) full.getLocalSocketAddress(), 100);

        assertThat(attempt.cause()).isInstanceOf(ConnectTimeoutException.class);
        attempt.channel().closeFuture().sync();
    }

    @Test
    void a_dialed_connection_knows_both_its_ends() throws Exception {
        Channel channel = connect(server.localAddress(), 0).sync().channel();

        TcpChannel other = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS));
        assertThat(channel.remoteAddress()).isEqualTo(server.localAddress());
        assertThat(other.remoteAddress()).isEqualTo(channel.localAddress());
        assertThat(other.localAddress()).isEqualTo(server.localAddress());
        other.reset();
    }

    @Test
    void a_port_in_use_is_told() throws Exception {
        assertThat(listening(LOCAL).bind(server.localAddress()).await().cause())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("Address already in use");
    }

    @Test
    void an_address_that_is_not_ours_is_told() throws Exception {
        InetAddress notOurs = InetAddress.ofLiteral("192.0.2.1");

        assertThat(listening(notOurs).bind(new InetSocketAddress(notOurs, 0)).await().cause())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("Cannot assign requested address");
    }

    @Test
    void what_comes_while_reading_is_off_waits_and_its_end_comes_last_and_once() throws Exception {
        Connected one = connected(false);
        one.send("bytes");
        one.peer().shutdownOutput();
        letEverythingArrive();
        assertThat(one.told().all).isEmpty();

        one.channel().config().setAutoRead(true);

        assertThat(one.told().next()).isEqualTo("bytes");
        assertThat(one.told().next()).isEqualTo(END);
        one.channel().writeAndFlush(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII));
        one.channel().shutdownOutput().sync();
        assertThat(one.peer().getInputStream().readAllBytes()).asString().isEqualTo("answer");
        letEverythingArrive();
        assertThat(one.told().all).isEmpty();
        assertThat(one.channel().isOpen()).isTrue();
    }

    @Test
    void after_the_end_of_output_nothing_can_be_written_and_the_peer_can_still_send()
            throws Exception {
        Connected one = connected(true);
        one.channel().shutdownOutput().sync();

        assertThat(one.channel().writeAndFlush(Unpooled.copyLong(1)).await().cause())
                .isInstanceOf(ClosedChannelException.class);

        one.send("bytes");
        assertThat(one.told().next()).isEqualTo("bytes");
        assertThat(one.peer().getInputStream().read()).isNegative();
    }

    @Test
    void reading_can_be_turned_off_in_the_middle_of_a_read() throws Exception {
        Connected one = connected(false);
        one.channel()
                .pipeline()
                .addFirst(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ctx.channel().config().setAutoRead(false);
                                ctx.fireChannelRead(message);
                            }
                        });
        one.send("x".repeat(100_000));
        letEverythingArrive();

        one.channel().config().setAutoRead(true);

        assertThat((String) one.told().next()).hasSizeLessThan(100_000);
        letEverythingArrive();
        assertThat(one.told().all).isEmpty();
    }

    @Test
    void a_turn_of_reading_brings_no_more_than_a_session_may_hold() throws Exception {
        Connected one = connected(false);
        var turns = new Turns();
        one.channel().pipeline().addFirst(turns);
        var sent = new AtomicLong();
        Thread.ofVirtual().start(() -> sendUntilCut(one.peer(), sent));
        // A peer whose bytes were taken fast has many on the way when they are not.
        one.channel().config().setAutoRead(true);
        await().atMost(Duration.ofSeconds(20)).until(() -> turns.bytes > 64 << 20);
        one.channel().config().setAutoRead(false);
        var before = new AtomicLong();
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(20))
                .until(() -> before.getAndSet(sent.get()) == sent.get());
        long taken = turns.bytes;
        assertThat(sent.get() - taken).isGreaterThan(2 * TcpChannel.READ_BYTES_MAX);
        turns.longest = 0;

        one.channel().config().setAutoRead(true);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> turns.bytes > taken + 2 * TcpChannel.READ_BYTES_MAX);
        assertThat(turns.longest).isBetween(1, TcpChannel.READ_BYTES_MAX);
    }

    private static void sendUntilCut(Socket socket, AtomicLong sent) {
        byte[] piece = new byte[64 * 1024];
        try {
            while (true) {
                socket.getOutputStream().write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException cut) {
            // The test is over.
        }
    }

    /** Counts what comes in one turn, and lets nobody else have it. */
    private static final class Turns extends ChannelInboundHandlerAdapter {
        private volatile long bytes;
        private volatile int longest;
        private int ofThisTurn;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ofThisTurn += ((ByteBuf) message).readableBytes();
            ((ByteBuf) message).release();
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one loop writes
        public void channelReadComplete(ChannelHandlerContext ctx) {
            longest = Math.max(longest, ofThisTurn);
            bytes += ofThisTurn;
            ofThisTurn = 0;
        }
    }

    @Test
    void a_connection_that_moves_to_another_loop_takes_along_what_has_arrived() throws Exception {
        Connected one = connected(false);
        one.send("early");
        letEverythingArrive();
        one.channel().deregister().sync();
        one.send(" late");
        one.channel().config().setAutoRead(true);

        EventLoop next = loops.core();
        next.register(one.channel()).sync();

        var text = new StringBuilder();
        while (text.length() < "early late".length()) {
            text.append(one.told().next());
        }
        assertThat(text).hasToString("early late");
        assertThat(one.told().loops).containsOnly(next);
    }

    @Test
    void a_peer_that_reads_late_gets_everything() throws Exception {
        Connected one = connected(true);
        int bytes = 8 * 1024 * 1024;
        one.channel().write(Unpooled.EMPTY_BUFFER);
        for (int sent = 0; sent < bytes; sent += 1024) {
            one.channel().write(one.channel().alloc().directBuffer().writeZero(1024));
        }
        one.channel().flush();
        await().atMost(Duration.ofSeconds(10)).until(() -> !one.channel().isWritable());

        assertThat(one.peer().getInputStream().readNBytes(bytes)).hasSize(bytes);

        await().atMost(Duration.ofSeconds(10)).until(() -> one.channel().isWritable());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_waits_for_a_peer_that_has_ended_fails_when_it_refuses_it(boolean reading)
            throws Exception {
        Connected one = connected(true);
        one.peer().shutdownOutput();
        assertThat(one.told().next()).isEqualTo(END);
        one.channel().config().setAutoRead(reading);
        ChannelFuture sent =
                one.channel()
                        .writeAndFlush(one.channel().alloc().directBuffer().writeZero(16_000_000));
        one.peer().getInputStream().readNBytes(100_000);

        // With bytes unread, which makes it a reset.
        one.peer().close();

        assertThat(sent.await().cause()).isInstanceOf(IOException.class);
        one.channel().closeFuture().sync();
    }

    @Test
    void more_connections_than_are_accepted_in_one_turn_are_all_accepted() throws Exception {
        int count = 200;
        server.config().setAutoRead(false);
        for (int i = 0; i < count; i++) {
            opened.add(new Socket(LOCAL, server.localAddress().getPort()));
        }

        server.config().setAutoRead(true);

        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "not accepted").reset();
        }
    }

    @Test
    void a_connection_that_is_closed_is_told_so_once() throws Exception {
        Connected one = connected(true);

        one.channel().close().sync();
        one.channel().close().sync();

        assertThat(one.told().next()).isEqualTo(CLOSED);
        letEverythingArrive();
        assertThat(one.told().all).isEmpty();
    }
}
