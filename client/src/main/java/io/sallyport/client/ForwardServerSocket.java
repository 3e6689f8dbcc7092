package io.sallyport.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A listener on the gateway for one connection of one expected partner. It is a connection to the
 * agent, which becomes the partner's when that has come; closing it before gives the listener up.
 */
final class ForwardServerSocket extends ServerSocket {
    private final Destination expected;
    private final ForwardSocket socket;
    private final InetSocketAddress listener;
    private final AtomicBoolean asked = new AtomicBoolean();
    private int timeoutMillis;
    private volatile boolean accepted;
    private volatile boolean closed;

    ForwardServerSocket(ForwardProxy proxy, Destination partner) throws IOException {
        expected = proxy.standIns().named(partner);
        socket = new ForwardSocket(proxy);
        socket.listenFor(expected);
        InetSocketAddress told = socket.gateway();
        if (told == null) {
            socket.close();
            throw new SocketException(
                    "the " + proxy + " did not tell at which address the gateway listens");
        }
        listener = told;
    }

    /**
     * Waits for the partner, as long as the timeout of this socket says, or else that of the
     * forward proxy.
     *
     * @throws SocketTimeoutException if it did not come in time; the listener is gone then
     * @throws SocketException if this is closed, or has accepted its one connection before
     */
    @Override
    public Socket accept() throws IOException {
        if (closed || asked.getAndSet(true)) {
            throw new SocketException(
                    !closed ? "This listener was for one connection" : "Socket closed");
        }
        try {
            socket.awaitPartner(expected, getSoTimeout());
            accepted = true;
            return socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            if (closed) {
                throw new SocketException("Socket closed");
            }
            throw failure;
        }
    }

    /** Gives the listener up; a connection that was accepted stays. */
    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
        if (!accepted) {
            socket.close();
        }
    }

    /** The gateway's address, to be told to the partner. */
    @Override
    public InetAddress getInetAddress() {
        return listener.getAddress();
    }

    @Override
    public int getLocalPort() {
        return listener.getPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return listener;
    }

    @Override
    public void bind(@Nullable SocketAddress endpoint, int backlog) throws SocketException {
        throw new SocketException("Already bound");
    }

    @Override
    public synchronized void setSoTimeout(int timeout) {
        timeoutMillis = timeout;
    }

    @Override
    public synchronized int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
