package io.sallyport.relay;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/** How the input of a socket ended. */
enum End {
    IN_ORDER,
    RESET;

    /** Reads to the end, however long it takes. */
    static End of(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return IN_ORDER;
        } catch (SocketException reset) {
            return RESET;
        }
    }
}
