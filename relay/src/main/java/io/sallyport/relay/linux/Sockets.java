package io.sallyport.relay.linux;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Calls of TCP sockets that never wait. Each gives what the system call gives, or the negative
 * error number. For one thread.
 */
public final class Sockets {
    // <sys/socket.h>, <linux/net.h>, <asm-generic/socket.h>, <netinet/in.h>
    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_LINGER = 13;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_MORE = 0x8000;
    private static final int SHUT_WR = 1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final FastThreadLocal<Sockets> OF_THREAD =
            new FastThreadLocal<>() {
                @Override
                protected Sockets initialValue() {
                    return new Sockets();
                }
            };

    private final Kernel kernel = Kernel.ofThread();
    private final SocketAddress address;
    private final MemorySegment value;
    private final MemorySegment valueLength;
    private final Pieces pieces;

    private Sockets() {
        Arena arena = Arena.ofAuto();
        address = new SocketAddress(arena);
        value = arena.allocate(INT, 2);
        valueLength = arena.allocate(INT);
        pieces = new Pieces(arena);
    }

    public static Sockets ofThread() {
        return OF_THREAD.get();
    }

    /** A socket for addresses of that one's family; one for IPv6 serves IPv4, too. */
    public int open(InetAddress like) {
        boolean six = like instanceof Inet6Address;
        int socket =
                kernel.call(
                        SystemCall.SOCKET,
                        six ? SocketAddress.AF_INET6 : SocketAddress.AF_INET,
                        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                        0);
        if (six && socket >= 0) {
            // Only what was configured otherwise for the whole host could refuse this.
            int _ = set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        }
        return socket;
    }

    public int bind(int socket, InetSocketAddress to) {
        return kernel.call(SystemCall.BIND, socket, address.address(), address.write(to));
    }

    public int listen(int socket, int backlog) {
        return kernel.call(SystemCall.LISTEN, socket, backlog, 0);
    }

    public int connect(int socket, InetSocketAddress to) {
        return kernel.call(SystemCall.CONNECT, socket, address.address(), address.write(to));
    }

    /** The next connection that waits; {@link #peer} tells whose it is. */
    public int accept(int listening) {
        address.makeRoom();
        return (int)
                kernel.call(
                        SystemCall.ACCEPT4,
                        listening,
                        address.address(),
                        address.lengthAddress(),
                        SOCK_NONBLOCK | SOCK_CLOEXEC,
                        0,
                        0);
    }

    /** Where the connection comes from that was accepted just now. */
    public @Nullable InetSocketAddress peer() {
        return address.read();
    }

    /** The socket's own end; null if it has none. */
    public @Nullable InetSocketAddress localAddress(int socket) {
        address.makeRoom();
        int result =
                kernel.call(
                        SystemCall.GETSOCKNAME, socket, address.address(), address.lengthAddress());
        return result < 0 ? null : address.read();
    }

    public int set(int socket, int level, int option, int number) {
        value.setAtIndex(INT, 0, number);
        return setValue(socket, level, option, Integer.BYTES);
    }

    /**
     * What closing does.
     *
     * @param resets whether it resets the peer; otherwise what was sent still arrives
     */
    public int resetOnClose(int socket, boolean resets) {
        value.setAtIndex(INT, 0, resets ? 1 : 0);
        value.setAtIndex(INT, 1, 0);
        return setValue(socket, SOL_SOCKET, SO_LINGER, 2 * Integer.BYTES);
    }

    private int setValue(int socket, int level, int option, int bytes) {
        return (int)
                kernel.call(
                        SystemCall.SETSOCKOPT, socket, level, option, value.address(), bytes, 0);
    }

    /** The first number of an option's value. */
    public int get(int socket, int level, int option) {
        valueLength.set(INT, 0, 2 * Integer.BYTES);
        int result =
                (int)
                        kernel.call(
                                SystemCall.GETSOCKOPT,
                                socket,
                                level,
                                option,
                                value.address(),
                                valueLength.address(),
                                0);
        return result < 0 ? result : value.getAtIndex(INT, 0);
    }

    /**
     * What went wrong with the connection, as a negative error number, or 0. The kernel tells it
     * once: to this, or to whoever reads or writes.
     */
    public int takeError(int socket) {
        int error = get(socket, SOL_SOCKET, SO_ERROR);
        return error > 0 ? -error : error;
    }

    /** Bytes that were read to that address in memory; 0 at the end of the input. */
    public int receive(int socket, long to, int bytesMax) {
        return (int) kernel.call(SystemCall.RECVFROM, socket, to, bytesMax, 0, 0, 0);
    }

    /** Bytes that were taken from that address in memory; more follows at once. */
    public int sendMore(int socket, long from, int bytes) {
        return (int)
                kernel.call(SystemCall.SENDTO, socket, from, bytes, MSG_NOSIGNAL | MSG_MORE, 0, 0);
    }

    /** The pieces that the next {@link #sendPieces} sends. */
    public Pieces pieces() {
        return pieces;
    }

    /** Bytes of the pieces that were taken. */
    public long sendPieces(int socket) {
        return pieces.count() == 1
                ? kernel.call(
                        SystemCall.SENDTO,
                        socket,
                        pieces.firstAddress(),
                        pieces.bytes(),
                        MSG_NOSIGNAL,
                        0,
                        0)
                : kernel.call(SystemCall.SENDMSG, socket, pieces.message(), MSG_NOSIGNAL);
    }

    public int shutdownOutput(int socket) {
        return kernel.call(SystemCall.SHUTDOWN, socket, SHUT_WR, 0);
    }

    public void close(int socket) {
        kernel.close(socket);
    }
}
