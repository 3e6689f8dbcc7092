package io.sallyport.relay.tcp;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Accepts {@link TcpChannel}s. They come unregistered: whoever takes one chooses its event loop,
 * one of the same transport. A closed one has left its port: nobody is accepted any more, and
 * another may listen there.
 */
public interface TcpServerChannel extends ServerChannel {
    int BACKLOG = 4096;

    /**
     * One that is to listen at that address, on that loop; not registered with it yet. It serves
     * the address's own family; IPv6 serves IPv4 at the wildcard, too.
     *
     * @throws ChannelException if no socket can be made
     */
    static TcpServerChannel open(EventLoop loop, InetAddress address) {
        return Transport.of(loop) == Transport.EPOLL
                ? new EpollTcpServerChannel(address)
                : new NioTcpServerChannel(address);
    }

    @Override
    InetSocketAddress localAddress();
}
