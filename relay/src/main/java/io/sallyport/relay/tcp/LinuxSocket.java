package io.sallyport.relay.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Socket options that Linux has and the JDK does not offer. Where they can't be had, connections go
 * without: keep-alive still finds a dead peer on a silent connection.
 */
final class LinuxSocket {
    /**
     * How long sent bytes may stay unacknowledged, or the peer's window closed, before the
     * connection is given up (TCP_USER_TIMEOUT). A peer that is stopped this long counts as dead,
     * so it must outlast a pause that someone may want.
     */
    private static final Duration UNACKNOWLEDGED_MAX = Duration.ofMinutes(5);

    // <netinet/in.h>, <netinet/tcp.h>
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_USER_TIMEOUT = 18;

    private static final @Nullable LinuxSocket INSTANCE;
    private static final @Nullable Exception UNAVAILABLE;

    static {
        LinuxSocket created = null;
        Exception why = null;
        try {
            if (System.getProperty("os.name").equals("Linux")) {
                created = create();
            }
        } catch (ReflectiveOperationException | RuntimeException refused) {
            why = refused;
        }
        INSTANCE = created;
        UNAVAILABLE = why;
    }

    private final MethodHandle setsockopt;
    private final MethodHandle descriptor;

    private LinuxSocket(MethodHandle setsockopt, MethodHandle descriptor) {
        this.setsockopt = setsockopt;
        this.descriptor = descriptor;
    }

    static void limitUnacknowledged(SocketChannel channel) {
        if (INSTANCE != null) {
            INSTANCE.set(channel, TCP_USER_TIMEOUT, (int) UNACKNOWLEDGED_MAX.toMillis());
        }
    }

    /**
     * @throws IllegalStateException if this JVM does not tell
     */
    static int descriptor(SocketChannel channel) {
        if (INSTANCE == null) {
            throw new IllegalStateException(
                    "the JVM gives no access to sockets, so TCP_USER_TIMEOUT is not set either;"
                            + " start with the sallyport script to have both: "
                            + UNAVAILABLE);
        }
        return INSTANCE.descriptorOf(channel);
    }

    private int descriptorOf(SocketChannel channel) {
        try {
            return (int) descriptor.invoke(channel);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("getFDVal can't be called", unexpected);
        }
    }

    private void set(SocketChannel channel, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            var address = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            int _ =
                    (int)
                            setsockopt.invokeExact(
                                    descriptorOf(channel),
                                    IPPROTO_TCP,
                                    option,
                                    address,
                                    (int) address.byteSize());
        } catch (Throwable unexpected) {
            throw new IllegalStateException("setsockopt can't be called", unexpected);
        }
    }

    @SuppressWarnings("restricted")
    private static LinuxSocket create() throws ReflectiveOperationException {
        var linker = Linker.nativeLinker();
        var function = linker.defaultLookup().find("setsockopt").orElseThrow();
        var signature =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT);
        // Needs --add-exports java.base/sun.nio.ch=ALL-UNNAMED and --enable-native-access.
        var descriptor =
                MethodHandles.lookup()
                        .findVirtual(
                                Class.forName("sun.nio.ch.SelChImpl"),
                                "getFDVal",
                                MethodType.methodType(int.class));
        return new LinuxSocket(linker.downcallHandle(function, signature), descriptor);
    }
}
