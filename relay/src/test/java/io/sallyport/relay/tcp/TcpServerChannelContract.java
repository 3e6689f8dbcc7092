package io.sallyport.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sallyport.relay.Loops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listening promises on every transport. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(20)
abstract class TcpServerChannelContract {
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    private final Loops loops;

    TcpServerChannelContract(Transport transport) {
        loops = new Loops(transport);
    }

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void when_it_is_closed_its_port_is_free_within_the_same_turn_of_the_loop() throws IOException {
        int port =
                loops.onCore(() -> {
                    TcpServerChannel server = listen(ANY, 0);
                    int bound = server.localAddress().getPort();
                    server.close();
                    // Can't be had while anybody listens there at all addresses.
                    listenAndClose(bound);
                    return bound;
                });

        assertThatThrownBy(() -> new Socket(LOCAL, port).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void others_on_its_loop_go_on_when_it_is_closed() throws IOException {
        TcpServerChannel stays =
                loops.onCore(() -> {
                    TcpServerChannel kept = listen(LOCAL, 0);
                    listen(ANY, 0).close();
                    return kept;
                });

        for (int count = 0; count < 3; count++) {
            try (var partner = new Socket(LOCAL, stays.localAddress().getPort())) {
                assertThat(partner.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    /** Whatever ends it, a process that is killed included, must look like no end in order. */
    @Test
    void what_it_accepts_resets_its_peer_when_it_is_closed() throws IOException {
        TcpServerChannel server = loops.onCore(() -> listen(LOCAL, 0, new Resetting()));

        try (var partner = new Socket(LOCAL, server.localAddress().getPort())) {
            assertThatThrownBy(() -> partner.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
    }

    @Test
    void what_it_accepts_has_the_options_of_what_is_dialed() throws Exception {
        var accepted = new ArrayBlockingQueue<TcpChannel>(1);
        TcpServerChannel server =
                loops.onCore(() ->
                        listen(
                                LOCAL,
                                0,
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(
                                            ChannelHandlerContext ctx, Object connection) {
                                        accepted.add((TcpChannel) connection);
                                    }
                                }));
        var dialed = TcpChannel.open(loops.core(), LOCAL);
        try (var partner = new Socket(LOCAL, server.localAddress().getPort())) {
            assertThat(partner.isConnected()).isTrue();
            TcpChannel connection =
                    Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "not accepted");

            assertThat(options(connection)).isEqualTo(options(dialed)).hasSizeGreaterThan(6);
            connection.reset();
        } finally {
            dialed.reset();
        }
    }

    /** The socket options that the kernel has. */
    abstract Map<String, Object> options(TcpChannel channel) throws IOException;

    private TcpServerChannel listen(InetAddress address, int port) {
        return listen(address, port, new HangingUp());
    }

    private TcpServerChannel listen(InetAddress address, int port, ChannelHandler handler) {
        var server = TcpServerChannel.open(loops.core(), address);
        server.pipeline().addLast(handler);
        loops.core().register(server);
        assertThat(server.bind(new InetSocketAddress(address, port)).isSuccess()).isTrue();
        return server;
    }

    private static void listenAndClose(int port) {
        try (var next = new ServerSocket(port, 1, LOCAL)) {
            assertThat(next.isBound()).isTrue();
        } catch (IOException inUse) {
            throw new UncheckedIOException(inUse);
        }
    }

    private static final class Resetting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object connection) {
            ((TcpChannel) connection).reset();
        }
    }

    private static final class HangingUp extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object connection) {
            ((TcpChannel) connection).lingerOnClose();
            ((TcpChannel) connection).unsafe().closeForcibly();
        }
    }
}
