package io.sallyport.acceptance.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on which a connection is neither accepted nor refused, as behind a firewall that drops:
 * its queue is full and nobody empties it.
 */
public final class SilentHost implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> queue = new ArrayList<>();

    public SilentHost() {
        try {
            server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
            while (fillOnePlace()) {
                // Linux queues a few more than the backlog says.
            }
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            for (Socket socket : queue) {
                socket.close();
            }
            server.close();
        } catch (IOException cannotClose) {
            throw new UncheckedIOException(cannotClose);
        }
    }

    private boolean fillOnePlace() throws IOException {
        var socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(
                    new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }
}
