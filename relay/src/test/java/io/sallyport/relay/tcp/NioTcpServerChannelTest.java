package io.sallyport.relay.tcp;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

class NioTcpServerChannelTest extends TcpServerChannelContract {
    NioTcpServerChannelTest() {
        super(Transport.PORTABLE);
    }

    @Override
    Map<String, Object> options(TcpChannel channel) throws IOException {
        SocketChannel socket = ((NioTcpChannel) channel).socket();
        return Map.of(
                "linger", socket.getOption(StandardSocketOptions.SO_LINGER),
                "no delay", socket.getOption(StandardSocketOptions.TCP_NODELAY),
                "keep alive", socket.getOption(StandardSocketOptions.SO_KEEPALIVE),
                "idle", socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
                "interval", socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                "probes", socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT),
                "urgent bytes inline", socket.socket().getOOBInline());
    }
}
