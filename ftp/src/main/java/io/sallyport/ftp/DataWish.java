package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;

/** How a client wants its data connection. */
sealed interface DataWish {
    /**
     * It connects to the server.
     *
     * @param extended whether it asked with EPSV
     */
    record Passive(boolean extended) implements DataWish {}

    /** The server connects to it. */
    record Active(Endpoint client) implements DataWish {}

    /** The client's part in the connection. */
    default DataEnd end() {
        return switch (this) {
            case Passive _ -> new DataEnd.Comes();
            case Active(var client) -> new DataEnd.Waits(client);
        };
    }
}
