package io.sallyport.relay.tcp;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioChannelOption;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemError;
import java.net.SocketException;
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

    /**
     * For Java's sockets. Where TCP_USER_TIMEOUT is set, which the JDK does not offer, Linux does
     * not count probes.
     */
    private static final int KEEP_ALIVE_PROBES = 3;

    /**
     * How long sent bytes may stay unacknowledged, the peer's window closed, or the kernel's
     * questions unanswered, before the connection is given up (TCP_USER_TIMEOUT). A peer that is
     * stopped this long counts as dead, so it must outlast a pause that someone may want.
     */
    private static final Duration UNACKNOWLEDGED_MAX = Duration.ofMinutes(5);

    // <asm-generic/socket.h>, <netinet/in.h>, <netinet/tcp.h>
    static final int SO_KEEPALIVE = 9;
    static final int SO_OOBINLINE = 10;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int TCP_KEEPIDLE = 4;
    static final int TCP_KEEPINTVL = 5;
    static final int TCP_USER_TIMEOUT = 18;

    private ConnectionOptions() {}

    static void set(NioTcpChannel channel) {
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
    }

    /** FTP clients mark the end of ABOR as urgent, and the kernel would take such a byte out. */
    private static void keepUrgentBytes(NioTcpChannel channel) {
        try {
            channel.socket().socket().setOOBInline(true);
        } catch (SocketException closed) {
            // Whoever reads it next learns the same.
        }
    }

    /**
     * Sets them on a socket of Linux. A listening one gives them to each connection that it
     * accepts.
     *
     * @throws ChannelException if the kernel refuses
     */
    static void set(int socket) {
        var sockets = Sockets.ofThread();
        check(sockets.resetOnClose(socket, true));
        check(sockets.set(socket, IPPROTO_TCP, TCP_NODELAY, 1));
        check(sockets.set(socket, Sockets.SOL_SOCKET, SO_KEEPALIVE, 1));
        check(sockets.set(socket, IPPROTO_TCP, TCP_KEEPIDLE, (int) KEEP_ALIVE_IDLE.toSeconds()));
        check(
                sockets.set(
                        socket, IPPROTO_TCP, TCP_KEEPINTVL, (int) KEEP_ALIVE_INTERVAL.toSeconds()));
        check(sockets.set(socket, Sockets.SOL_SOCKET, SO_OOBINLINE, 1));
        check(
                sockets.set(
                        socket,
                        IPPROTO_TCP,
                        TCP_USER_TIMEOUT,
                        (int) UNACKNOWLEDGED_MAX.toMillis()));
    }

    private static void check(int result) {
        if (result < 0) {
            throw new ChannelException(SystemError.exception(result));
        }
    }
}
