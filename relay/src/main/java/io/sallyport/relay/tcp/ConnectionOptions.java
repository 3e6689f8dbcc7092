package io.sallyport.relay.tcp;

import io.netty.channel.socket.nio.NioChannelOption;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/** The socket options of every connection, dialed or accepted. */
final class ConnectionOptions {
    /**
     * How long a connection may be silent before the kernel asks whether the peer is there, and how
     * it asks.
     */
    private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(30);

    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(10);
    private static final int KEEP_ALIVE_PROBES = 3;

    /**
     * How long sent bytes may stay unacknowledged, or the peer's window closed, before the
     * connection is given up (TCP_USER_TIMEOUT). A peer that is stopped this long counts as dead,
     * so it must outlast a pause that someone may want.
     */
    private static final Duration UNACKNOWLEDGED_MAX = Duration.ofMinutes(5);

    // <asm-generic/socket.h>, <netinet/in.h>, <netinet/tcp.h>
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_OOBINLINE = 10;
    private static final int SO_LINGER = 13;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_USER_TIMEOUT = 18;

    static void set(TcpChannel channel) {
        var config = channel.config();
        config.setSoLinger(0);
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                (int) KEEP_ALIVE_IDLE.toSeconds());
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                (int) KEEP_ALIVE_INTERVAL.toSeconds());
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEP_ALIVE_PROBES);
        keepUrgentBytes(channel);
        LinuxSocket.set(
                channel.socket(),
                IPPROTO_TCP,
                TCP_USER_TIMEOUT,
                (int) UNACKNOWLEDGED_MAX.toMillis());
    }

    /** FTP clients mark the end of ABOR as urgent, and the kernel would take such a byte out. */
    private static void keepUrgentBytes(TcpChannel channel) {
        try {
            channel.socket().socket().setOOBInline(true);
        } catch (SocketException closed) {
            // Whoever reads it next learns the same.
        }
    }

    /**
     * Gives them to a listening socket, of which Linux gives them to each connection: 8 system
     * calls fewer for every one.
     *
     * @return whether accepted connections have them all
     */
    static boolean bequeath(ServerSocketChannel listener) {
        return LinuxSocket.set(listener, SOL_SOCKET, SO_LINGER, 1, 0)
                && LinuxSocket.set(listener, IPPROTO_TCP, TCP_NODELAY, 1)
                && LinuxSocket.set(listener, SOL_SOCKET, SO_KEEPALIVE, 1)
                && LinuxSocket.set(
                        listener, IPPROTO_TCP, TCP_KEEPIDLE, (int) KEEP_ALIVE_IDLE.toSeconds())
                && LinuxSocket.set(
                        listener, IPPROTO_TCP, TCP_KEEPINTVL, (int) KEEP_ALIVE_INTERVAL.toSeconds())
                && LinuxSocket.set(listener, IPPROTO_TCP, TCP_KEEPCNT, KEEP_ALIVE_PROBES)
                && LinuxSocket.set(listener, SOL_SOCKET, SO_OOBINLINE, 1)
                && LinuxSocket.set(
                        listener,
                        IPPROTO_TCP,
                        TCP_USER_TIMEOUT,
                        (int) UNACKNOWLEDGED_MAX.toMillis());
    }

    private ConnectionOptions() {}
}
