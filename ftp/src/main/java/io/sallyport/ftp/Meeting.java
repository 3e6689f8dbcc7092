package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;
import java.net.Inet4Address;
import org.jspecify.annotations.Nullable;

/**
 * Where those are to connect who come to a data connection.
 *
 * @param client what the client is told, of which only the port matters to EPSV; null if it waits
 * @param server what the server is told; null if it waits
 */
public record Meeting(@Nullable Endpoint client, @Nullable Endpoint server) {
    /** Both wait, and were connected. */
    public static final Meeting NONE = new Meeting(null, null);

    /** What the client is answered. */
    String answerTo(DataWish wish) {
        if (client == null) {
            return "200 The data connection is prepared.";
        }
        if (wish instanceof DataWish.Passive(var extended) && extended) {
            return "229 Entering Extended Passive Mode (|||" + client.port() + "|)";
        }
        return client.address() instanceof Inet4Address
                ? "227 Entering Passive Mode (" + Addresses.hostPort(client) + ")."
                : "425 There is no IPv4 address to announce: use EPSV.";
    }
}
