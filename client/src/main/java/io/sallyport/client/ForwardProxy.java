package io.sallyport.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.time.Duration;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An agent's SOCKS5 entry, by which clients reach partners through the gateway. Immutable, and safe
 * for any number of threads.
 *
 * <p>A host that was given as a name is passed on as one, for the gateway to resolve. A socket
 * tells the partner's address as its remote one and the gateway's, which the partner sees, as its
 * local one.
 */
public final class ForwardProxy {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private final String host;
    private final int port;
    private final @Nullable Login login;
    private final Duration timeout;
    private final StandIns standIns;

    private ForwardProxy(
            String host, int port, @Nullable Login login, Duration timeout, StandIns standIns) {
        this.host = host;
        this.port = port;
        this.login = login;
        this.timeout = timeout;
        this.standIns = standIns;
    }

    /** The entry that the agent's configuration calls {@code forward.socks.listen}. */
    public static ForwardProxy at(String host, int port) {
        return new ForwardProxy(host, port, null, DEFAULT_TIMEOUT, new StandIns());
    }

    /** The same entry, with a user and a password. They are sent in clear: keep the entry local. */
    public ForwardProxy withLogin(String user, String password) {
        return new ForwardProxy(host, port, new Login(user, password), timeout, standIns);
    }

    /**
     * The same entry, with another time in which a connection must be made, unless the caller of
     * connect gives one; 60 s by default.
     */
    public ForwardProxy withTimeout(Duration connect) {
        if (connect.isNegative() || connect.isZero()) {
            throw new IllegalArgumentException("a time to wait must be positive: " + connect);
        }
        return new ForwardProxy(host, port, login, connect, standIns);
    }

    /** An unconnected socket. Its connect throws {@link ForwardException} if the agent says no. */
    public Socket socket() {
        return new ForwardSocket(this);
    }

    /** Makes sockets that connect through the agent. */
    public SocketFactory socketFactory() {
        return new ForwardSocketFactory(this);
    }

    /**
     * Makes server sockets on the gateway, each for one connection of one expected partner (SOCKS
     * BIND). The port that a caller asks for, and the backlog, mean nothing: the gateway chooses.
     *
     * @param partner the name or address of who will connect; other hosts are turned away
     */
    public ServerSocketFactory serverSocketFactory(String partner) {
        return new ForwardServerSocketFactory(this, partner);
    }

    /**
     * A channel that connects through the agent, for clients such as Apache MINA SSHD.
     *
     * @param group null for the default one
     */
    public AsynchronousSocketChannel openChannel(@Nullable AsynchronousChannelGroup group)
            throws IOException {
        return new ForwardChannel(this, AsynchronousSocketChannel.open(group));
    }

    /** Resolved anew for each connection, as the agent may have moved. */
    InetSocketAddress entry() {
        return new InetSocketAddress(host, port);
    }

    @Nullable Login login() {
        return login;
    }

    Duration timeout() {
        return timeout;
    }

    StandIns standIns() {
        return standIns;
    }

    /** A socket to the agent itself, whatever proxies the JVM was told of. */
    static Proxy noProxy() {
        return Proxy.NO_PROXY;
    }

    @Override
    public String toString() {
        return "forward proxy " + new Destination(host, port);
    }
}
