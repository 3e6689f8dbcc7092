package io.sallyport.relay.linux;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;

/** The error numbers of Linux, and the exceptions that the JDK throws for them. */
public final class SystemError {
    // <asm-generic/errno-base.h>, <asm-generic/errno.h>
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EPIPE = 32;
    public static final int EPROTO = 71;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private SystemError() {}

    /** Whether a call has to wait, for bytes or for room. */
    public static boolean isToWait(long result) {
        return result == -EAGAIN || result == -EINTR;
    }

    /** What the C library calls a negative error number: {@code Connection refused}. */
    public static String message(long result) {
        return Messages.of((int) -result);
    }

    /** What the JDK would throw for a negative error number, so that both are explained alike. */
    public static IOException exception(long result) {
        String message = message(result);
        return switch ((int) -result) {
            case ECONNREFUSED, ETIMEDOUT, ENOTCONN -> new ConnectException(message);
            case EHOSTUNREACH -> new NoRouteToHostException(message);
            case EADDRINUSE, EADDRNOTAVAIL, EACCES -> new BindException(message);
            default -> new SocketException(message);
        };
    }

    /** Apart, because the start needs none of it. */
    private static final class Messages {
        private static final int BYTES_MAX = 256;
        private static final MethodHandle STRERROR = strerror();

        @SuppressWarnings("restricted")
        private static MethodHandle strerror() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find("strerror").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        }

        @SuppressWarnings("restricted")
        static String of(int number) {
            try {
                var message = (MemorySegment) STRERROR.invokeExact(number);
                return message.reinterpret(BYTES_MAX).getString(0);
            } catch (Throwable unexpected) {
                throw new IllegalStateException("strerror can't be called", unexpected);
            }
        }
    }
}
