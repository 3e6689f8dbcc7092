package io.sallyport.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes sockets that connect through an agent. A local address is one of this host's. */
final class ForwardSocketFactory extends SocketFactory {
    private final ForwardProxy proxy;

    ForwardSocketFactory(ForwardProxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public Socket createSocket() {
        return proxy.socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(
                InetSocketAddress.createUnresolved(host, port),
                new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return connected(
                new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    private Socket connected(InetSocketAddress partner, @Nullable InetSocketAddress local)
            throws IOException {
        Socket socket = proxy.socket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(partner);
            return socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }
}
