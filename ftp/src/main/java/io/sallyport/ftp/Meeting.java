package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;
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
}
