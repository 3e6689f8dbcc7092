package io.sallyport.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes server sockets on the gateway, each for one connection of one expected partner. */
final class ForwardServerSocketFactory extends ServerSocketFactory {
    private final ForwardProxy proxy;
    private final String partner;

    ForwardServerSocketFactory(ForwardProxy proxy, String partner) {
        this.proxy = proxy;
        this.partner = partner;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return new ForwardServerSocket(proxy, new Destination(partner, 0));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress local)
            throws IOException {
        return createServerSocket(port);
    }
}
