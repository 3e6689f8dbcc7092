package io.sallyport.relay.tcp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Socket options that the JDK does not offer, or not for every kind of socket. Where they can't be
 * had, connections go without: keep-alive still finds a dead peer on a silent connection.
 */
final class LinuxSocket {
    /** Where the numbers of levels and options are those of Linux's asm-generic. */
    private static final Set<String> SAME_NUMBERS = Set.of("amd64", "aarch64");

    private static final @Nullable LinuxSocket INSTANCE;
    private static final @Nullable Exception UNAVAILABLE;

    static {
        LinuxSocket created = null;
        Exception why = null;
        try {
            if (System.getProperty("os.name").equals("Linux")
                    && SAME_NUMBERS.contains(System.getProperty("os.arch"))) {
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

    /**
     * Sets an option whose value is one number, or some.
     *
     * @return whether it is set
     */
    static boolean set(SelectableChannel channel, int level, int option, int... value) {
        return INSTANCE != null && INSTANCE.setOn(channel, level, option, value);
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

    private int descriptorOf(SelectableChannel channel) {
        try {
            return (int) descriptor.invoke(channel);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("getFDVal can't be called", unexpected);
        }
    }

    private boolean setOn(SelectableChannel channel, int level, int option, int... value) {
        try (Arena arena = Arena.ofConfined()) {
            var address = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            int outcome =
                    (int)
                            setsockopt.invokeExact(
                                    descriptorOf(channel),
                                    level,
                                    option,
                                    address,
                                    (int) address.byteSize());
            return outcome == 0;
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
