package io.sallyport.agent.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.process.HostPort;
import io.sallyport.process.TlsFiles;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Some TLS server that was never meant to be a gateway. */
public final class TlsOrigin implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SslContext tls;
    private final int port;

    public TlsOrigin(TlsFiles files) throws Exception {
        tls =
                SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
                        .build();
        var bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync();
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        ReferenceCountUtil.release(tls);
    }
}
