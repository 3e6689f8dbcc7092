package io.sallyport.relay.tcp;

import io.sallyport.relay.linux.Sockets;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollTcpServerChannelTest extends TcpServerChannelContract {
    private static final int SO_LINGER = 13;

    EpollTcpServerChannelTest() {
        super(Transport.EPOLL);
    }

    @Override
    Map<String, Object> options(TcpChannel channel) {
        return Map.of(
                "linger", get(channel, Sockets.SOL_SOCKET, SO_LINGER),
                "no delay", tcp(channel, ConnectionOptions.TCP_NODELAY),
                "keep alive", get(channel, Sockets.SOL_SOCKET, ConnectionOptions.SO_KEEPALIVE),
                "idle", tcp(channel, ConnectionOptions.TCP_KEEPIDLE),
                "interval", tcp(channel, ConnectionOptions.TCP_KEEPINTVL),
                "unacknowledged", tcp(channel, ConnectionOptions.TCP_USER_TIMEOUT),
                "urgent bytes inline",
                        get(channel, Sockets.SOL_SOCKET, ConnectionOptions.SO_OOBINLINE));
    }

    private static int tcp(TcpChannel channel, int option) {
        return get(channel, ConnectionOptions.IPPROTO_TCP, option);
    }

    private static int get(TcpChannel channel, int level, int option) {
        return Sockets.ofThread().get(channel.descriptor(), level, option);
    }
}
