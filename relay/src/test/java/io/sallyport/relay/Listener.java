package io.sallyport.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A listener on a free port of this host, of the transport of its loop. */
final class Listener {
    private Listener() {}

    /** Where it listens. What it accepts is not registered with any loop. */
    static InetSocketAddress open(EventLoop loop, Consumer<TcpChannel> onAccept) throws Exception {
        var channel = TcpServerChannel.open(loop, InetAddress.getLoopbackAddress());
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
}
