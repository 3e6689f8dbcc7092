package io.sallyport.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that stand for names which only the gateway can resolve: clients ask a socket for its
 * partner's address, and some, as FTP clients for a data connection, connect there again. They are
 * of 240.0.0.0/4, which is never used on a network (RFC 1112), and mean something to the forward
 * proxy that gave them out only.
 */
final class StandIns {
    private static final int NAMES_MAX = 4096;
    private static final int FIRST = 0xF000_0001;

    private final Map<String, Integer> addresses =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    boolean full = size() > NAMES_MAX;
                    if (full) {
                        names.remove(eldest.getValue());
                    }
                    return full;
                }
            };
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private int next = FIRST;

    /** The address of a destination; one that stands for its name if it has one. */
    synchronized InetAddress addressOf(Destination destination) throws UnknownHostException {
        if (destination.isAddress()) {
            return destination.address();
        }
        String host = destination.host();
        Integer known = addresses.get(host);
        int address = known == null ? next++ : known;
        if (known == null) {
            names.put(address, host);
            addresses.put(host, address);
        }
        return InetAddress.getByAddress(host, ByteBuffer.allocate(4).putInt(address).array());
    }

    /** The destination with its name again, if its address stands for one. */
    synchronized Destination named(Destination destination) throws UnknownHostException {
        if (!destination.host().startsWith("240.") || !destination.isAddress()) {
            return destination;
        }
        int address = ByteBuffer.wrap(destination.address().getAddress()).getInt();
        @Nullable String name = names.get(address);
        return name == null ? destination : new Destination(name, destination.port());
    }
}
