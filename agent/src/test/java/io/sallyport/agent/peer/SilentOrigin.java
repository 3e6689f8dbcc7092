package io.sallyport.agent.peer;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.process.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A host that does not answer: its queue of connections is full, and Linux drops what comes. */
public final class SilentOrigin implements AutoCloseable {
    private static final int ENOUGH = 8;
    private static final int FULL_AFTER_MILLIS = 300;

    private final ServerSocket server;
    private final List<Socket> queue = new ArrayList<>();

    public SilentOrigin() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        for (int i = 0; i < ENOUGH; i++) {
            var filler = new Socket();
            queue.add(filler);
            try {
                filler.connect(server.getLocalSocketAddress(), FULL_AFTER_MILLIS);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IOException("the queue does not fill");
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", server.getLocalPort());
    }

    /** The service, with this much patience for its origin. */
    public static ServiceConfig patience(ServiceConfig service, Duration connectTimeout) {
        return new ServiceConfig(
                service.name(),
                service.protocol(),
                service.listen(),
                service.origin(),
                service.proxyProtocol(),
                service.acceptProxyProtocol(),
                service.allow(),
                service.deny(),
                service.maxSessions(),
                service.idleTimeout(),
                service.halfCloseTimeout(),
                connectTimeout,
                service.ftp());
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : queue) {
            filler.close();
        }
        server.close();
    }
}
