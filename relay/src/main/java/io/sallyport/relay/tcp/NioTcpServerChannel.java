package io.sallyport.relay.tcp;

import io.netty.channel.ChannelId;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/** A listening socket of the JDK's. */
final class NioTcpServerChannel extends NioServerSocketChannel implements TcpServerChannel {
    /**
     * A socket of the address's own family: else the JDK makes {@code 0.0.0.0} listen on IPv6 too.
     */
    NioTcpServerChannel(InetAddress address) {
        super(
                SelectorProvider.provider(),
                address instanceof Inet4Address
                        ? SocketProtocolFamily.INET
                        : SocketProtocolFamily.INET6);
        config().setReuseAddress(true);
        config().setBacklog(BACKLOG);
    }

    @Override
    protected ChannelId newId() {
        return ChannelNumber.next();
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel socket = javaChannel().accept();
        if (socket == null) {
            return 0;
        }
        try {
            accepted.add(new NioTcpChannel(this, socket));
            return 1;
        } catch (RuntimeException gone) {
            // A connection that was reset while it waited refuses its socket options.
            socket.close();
            return 0;
        }
    }

    @Override
    protected void doClose() throws Exception {
        SelectionKey key = isRegistered() ? registration().attachment() : null;
        super.doClose();
        if (key != null) {
            // The JDK keeps the socket, and with it the port, until the selector lets go of its
            // key: else that would be at the loop's next turn.
            key.selector().selectNow();
        }
    }
}
