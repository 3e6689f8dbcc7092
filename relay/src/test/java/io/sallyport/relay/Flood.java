package io.sallyport.relay;

import java.io.IOException;
import java.net.Socket;

/** Bytes without end, from one end of a session. */
final class Flood {
    /** Sends until the connection is reset, and closes the socket then. */
    static Thread from(Socket socket) {
        return Thread.startVirtualThread(() -> send(socket));
    }

    private static void send(Socket socket) {
        try (socket) {
            var block = new byte[256 * 1024];
            while (true) {
                socket.getOutputStream().write(block);
            }
        } catch (IOException reset) {
            // The other end has gone, as the test wants.
        }
    }

    private Flood() {}
}
