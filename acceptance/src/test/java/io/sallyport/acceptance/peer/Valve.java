package io.sallyport.acceptance.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The network between agent and gateway, in our hands: passes connections on, cuts them, or lets
 * them hang as a firewall that forgot them does.
 */
public final class Valve implements AutoCloseable {
    private static final int BUFFER_BYTES = 65_536;

    private final InetSocketAddress to;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Instant> arrivals = new CopyOnWriteArrayList<>();
    private volatile boolean swallowing;
    private volatile boolean frozen;

    public Valve(int port) {
        to = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        try {
            server = new ServerSocket(0, 1_024, to.getAddress());
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** When each connection came. */
    public List<Instant> arrivals() {
        return List.copyOf(arrivals);
    }

    /** New connections are taken and nothing is done with them; old ones are passed on. */
    public void swallowNewConnections(boolean swallow) {
        swallowing = swallow;
    }

    /** Nothing moves any more on connections that are there, not even their end. */
    public void freeze() {
        frozen = true;
    }

    /** Resets the first connection that came, which is the agent's control channel. */
    public void cutOldest() {
        List<Socket> oldest = sockets.stream().limit(2).toList();
        oldest.forEach(Valve::reset);
        sockets.removeAll(oldest);
    }

    /** Resets all connections, on both sides. */
    public void cut() {
        for (Socket socket : sockets) {
            reset(socket);
        }
        sockets.clear();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException cannotClose) {
            throw new UncheckedIOException(cannotClose);
        }
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                sockets.add(near);
                arrivals.add(Instant.now());
                if (!swallowing) {
                    connect(near);
                }
            }
        } catch (IOException closed) {
            // The valve was closed: nobody comes any more.
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(to.getAddress(), to.getPort());
            sockets.add(far);
            far.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(near, far));
            Thread.ofVirtual().start(() -> pass(far, near));
        } catch (IOException nobodyThere) {
            sockets.remove(near);
            reset(near);
        }
    }

    private void pass(Socket from, Socket into) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            int count = from.getInputStream().read(buffer);
            while (count >= 0 && !frozen) {
                into.getOutputStream().write(buffer, 0, count);
                count = from.getInputStream().read(buffer);
            }
            if (!frozen) {
                into.shutdownOutput();
            }
        } catch (IOException ended) {
            if (!frozen) {
                reset(from);
                reset(into);
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is what was wanted.
        }
    }
}
