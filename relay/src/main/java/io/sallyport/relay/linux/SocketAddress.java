package io.sallyport.relay.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** An address as the kernel reads and writes it: {@code sockaddr_in} and {@code sockaddr_in6}. */
final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    private static final int BYTES = 16;
    private static final int BYTES_6 = 28;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final long PORT_AT = 2;
    private static final long ADDRESS_AT = 4;
    private static final long ADDRESS_6_AT = 8;
    private static final long SCOPE_AT = 24;

    /** Most addresses come again soon: this host's own, an agent's, a busy partner's. */
    private static final int RECENT = 8;

    private final MemorySegment memory;
    private final MemorySegment length;
    private final @Nullable InetAddress[] recent = new InetAddress[RECENT];
    private int oldest;

    SocketAddress(Arena arena) {
        memory = arena.allocate(BYTES_6, Long.BYTES);
        length = arena.allocate(INT);
    }

    long address() {
        return memory.address();
    }

    /** Where the kernel reads how much room there is, and writes how much it has used. */
    long lengthAddress() {
        return length.address();
    }

    void makeRoom() {
        length.set(INT, 0, BYTES_6);
    }

    /** Gives the length. */
    int write(InetSocketAddress from) {
        memory.fill((byte) 0);
        memory.set(PORT, PORT_AT, (short) from.getPort());
        byte[] bytes = from.getAddress().getAddress();
        if (from.getAddress() instanceof Inet4Address) {
            memory.set(FAMILY, 0, (short) AF_INET);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, ADDRESS_AT, bytes.length);
            return BYTES;
        }
        memory.set(FAMILY, 0, (short) AF_INET6);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, ADDRESS_6_AT, bytes.length);
        memory.set(INT, SCOPE_AT, ((Inet6Address) from.getAddress()).getScopeId());
        return BYTES_6;
    }

    /** What the kernel has written; null if it is no internet address. */
    @Nullable InetSocketAddress read() {
        int port = Short.toUnsignedInt(memory.get(PORT, PORT_AT));
        try {
            return switch (memory.get(FAMILY, 0)) {
                case AF_INET ->
                        new InetSocketAddress(
                                shared(InetAddress.getByAddress(bytes(ADDRESS_AT, Integer.BYTES))),
                                port);
                case AF_INET6 -> new InetSocketAddress(readSix(), port);
                default -> null;
            };
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** An IPv4 address that an IPv6 socket serves is given as what it is. */
    private InetAddress readSix() throws UnknownHostException {
        byte[] bytes = bytes(ADDRESS_6_AT, 2 * Long.BYTES);
        int scope = memory.get(INT, SCOPE_AT);
        return scope == 0
                ? shared(InetAddress.getByAddress(bytes))
                : Inet6Address.getByAddress(null, bytes, scope);
    }

    /** One object for all who have an equal one, as long as sessions last. */
    private InetAddress shared(InetAddress address) {
        for (InetAddress known : recent) {
            if (known != null && known.equals(address)) {
                return known;
            }
        }
        recent[oldest] = address;
        oldest = (oldest + 1) % RECENT;
        return address;
    }

    private byte[] bytes(long from, int count) {
        byte[] bytes = new byte[count];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, bytes, 0, count);
        return bytes;
    }
}
