package io.sallyport.gateway.peer;

import io.sallyport.protocol.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A plain TCP connection and what can be done with it. */
public final class Partner implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;

    private final Socket socket;

    private Partner(Socket socket) {
        this.socket = socket;
    }

    public static Partner connect(Endpoint to) throws IOException {
        var socket = new Socket(to.address(), to.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Partner(socket);
    }

    public Endpoint address() {
        return new Endpoint(socket.getLocalAddress(), socket.getLocalPort());
    }

    public Partner send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.US_ASCII));
    }

    public Partner send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads exactly so many bytes as text. */
    public String receive(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    /** Sends no more. */
    public void end() throws IOException {
        socket.shutdownOutput();
    }

    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /**
     * Waits for the connection to end.
     *
     * @return whether it was by a reset, and not in order
     */
    public boolean awaitReset() throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException goesOn) {
            throw goesOn;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        FakeAgent.close(socket);
    }
}
