package io.sallyport.relay.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.relay.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS between agent and gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TlsContextsTest {
    /** A certificate and its proof take more; other parts of a handshake hardly differ. */
    private static final int CERTIFICATE_AND_PROOF_BYTES = 300;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private SslContext server;

    @SuppressWarnings("NullAway.Init")
    private SslContext client;

    @SuppressWarnings("NullAway.Init")
    private Channel door;

    @BeforeEach
    void a_gateway_listens() throws Exception {
        var certificates = new Certificates(folder);
        server =
                TlsContexts.server(
                        certificates.gateway, certificates.gatewayKey, certificates.trust, "data");
        client =
                TlsContexts.client(
                        certificates.agent, certificates.agentKey, certificates.trust, "data");
        door =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(server.newHandler(channel.alloc()))
                                                .addLast(new Echo());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    @AfterEach
    void everything_is_closed() {
        // Engines are given back by tasks of the connections' last moments.
        loops.shutdownGracefully(100, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
        ReferenceCountUtil.release(server);
        ReferenceCountUtil.release(client);
    }

    @Test
    void a_second_handshake_resumes_the_first_and_shows_no_certificate_again() throws Exception {
        int full = bytesOfAHandshake();
        int resumed = bytesOfAHandshake();

        assertThat(resumed).isLessThan(full - CERTIFICATE_AND_PROOF_BYTES);
    }

    /** What the gateway sends until it has answered one byte. */
    private int bytesOfAHandshake() throws InterruptedException {
        var counting = new Counting();
        BlockingQueue<Integer> answered = new LinkedBlockingQueue<>();
        var address = (InetSocketAddress) door.localAddress();
        Channel channel =
                new Bootstrap()
                        .group(loops)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(counting)
                                                .addLast(
                                                        client.newHandler(
                                                                channel.alloc(),
                                                                "localhost",
                                                                address.getPort()))
                                                .addLast(new Answer(answered, counting));
                                    }
                                })
                        .connect(address)
                        .syncUninterruptibly()
                        .channel();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
        Integer bytes = answered.poll(20, TimeUnit.SECONDS);
        channel.close().syncUninterruptibly();
        assertThat(bytes).as("bytes until the answer").isNotNull();
        return bytes;
    }

    private static final class Counting extends ChannelInboundHandlerAdapter {
        private int bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            ctx.fireChannelRead(message);
        }
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Integer> answered;
        private final Counting counting;

        Answer(BlockingQueue<Integer> answered, Counting counting) {
            this.answered = answered;
            this.counting = counting;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            answered.add(counting.bytes);
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }
}
