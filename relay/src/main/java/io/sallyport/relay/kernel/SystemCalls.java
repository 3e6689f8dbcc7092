package io.sallyport.relay.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * What is asked of Linux. Each call gives what the system call gives, or the negative error number.
 * For one thread.
 */
final class SystemCalls {
    // <asm-generic/errno.h>
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    // <asm-generic/fcntl.h>, <linux/fcntl.h>, <linux/splice.h>
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;

    // <bits/socket.h>
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_MORE = 0x8000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final MemoryLayout ERROR = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR_NUMBER =
            ERROR.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle SPLICE =
            function("splice", FunctionDescriptor.of(LONG, INT, ADDRESS, INT, ADDRESS, LONG, INT));
    private static final MethodHandle PIPE2 =
            function("pipe2", FunctionDescriptor.of(INT, ADDRESS, INT));
    private static final MethodHandle FCNTL =
            function(
                    "fcntl",
                    FunctionDescriptor.of(INT, INT, INT, INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle RECV =
            function("recv", FunctionDescriptor.of(LONG, INT, ADDRESS, LONG, INT));
    private static final MethodHandle SEND =
            function("send", FunctionDescriptor.of(LONG, INT, ADDRESS, LONG, INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle STRERROR =
            function("strerror", FunctionDescriptor.of(ADDRESS, INT));
    private static final int MESSAGE_BYTES_MAX = 256;

    private final MemorySegment error;
    private final MemorySegment ends;
    private final MemorySegment word;
    private final ByteBuf wordBytes;

    SystemCalls() {
        var arena = Arena.ofAuto();
        error = arena.allocate(ERROR);
        ends = arena.allocate(INT, 2);
        word = arena.allocate(INT);
        wordBytes = Unpooled.wrappedBuffer(word.asByteBuffer());
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            String name, FunctionDescriptor signature, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return linker.downcallHandle(library.find(name).orElseThrow(), signature, all);
    }

    /**
     * @throws IllegalStateException if the kernel, or what confines this process, refuses
     */
    void probe() {
        int[] pipe = pipe();
        if (pipe.length == 0) {
            throw new IllegalStateException("no pipe can be made: " + error(-errorNumber()));
        }
        long moved = splice(pipe[0], pipe[1], 0);
        close(pipe[0]);
        close(pipe[1]);
        if (moved < 0) {
            throw new IllegalStateException("splice is refused: " + error(moved));
        }
    }

    /** Moves what there is now, at most so many bytes, from one descriptor to the other. */
    long splice(int from, int to, long bytesMax) {
        try {
            long moved =
                    (long)
                            SPLICE.invokeExact(
                                    error,
                                    from,
                                    MemorySegment.NULL,
                                    to,
                                    MemorySegment.NULL,
                                    bytesMax,
                                    SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
            return moved < 0 ? -errorNumber() : moved;
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    /**
     * Takes at most four bytes from a socket, which {@link #received} has then.
     *
     * @return bytes, 0 at the end of the socket's input, or a negative error number
     */
    int receive(int socket, int bytesMax) {
        try {
            long got = (long) RECV.invokeExact(error, socket, word, (long) bytesMax, MSG_DONTWAIT);
            return got < 0 ? -errorNumber() : (int) got;
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    /** What {@link #receive} took, until it is called again. */
    ByteBuf received(int bytes) {
        return wordBytes.setIndex(0, bytes);
    }

    /**
     * Sends the last of four bytes, the highest first, and promises the kernel that more follows at
     * once.
     *
     * @return bytes, or a negative error number
     */
    int sendMore(int socket, int fourBytes, int lastBytes) {
        wordBytes.setInt(0, fourBytes);
        try {
            long sent =
                    (long)
                            SEND.invokeExact(
                                    error,
                                    socket,
                                    word.asSlice(Integer.BYTES - lastBytes),
                                    (long) lastBytes,
                                    MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE);
            return sent < 0 ? -errorNumber() : (int) sent;
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    /** Both ends of a new pipe, the one to read from first; empty if there is none to be had. */
    int[] pipe() {
        try {
            int result = (int) PIPE2.invokeExact(error, ends, O_NONBLOCK | O_CLOEXEC);
            return result < 0
                    ? new int[0]
                    : new int[] {ends.getAtIndex(INT, 0), ends.getAtIndex(INT, 1)};
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    /** Asks for a pipe of this size, in bytes, and gives the size that it has then. */
    int resizePipe(int end, int bytes) {
        int granted = fcntl(end, F_SETPIPE_SZ, bytes);
        return granted >= 0 ? granted : fcntl(end, F_GETPIPE_SZ, 0);
    }

    private int fcntl(int descriptor, int command, int argument) {
        try {
            int result = (int) FCNTL.invokeExact(error, descriptor, command, argument);
            return result < 0 ? -errorNumber() : result;
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    void close(int descriptor) {
        try {
            int _ = (int) CLOSE.invokeExact(error, descriptor);
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    /** Whether a call said that it has to wait, for bytes or for room. */
    static boolean isToWait(long result) {
        return result == -EAGAIN || result == -EINTR;
    }

    /** What the C library calls the error of a call: {@code Connection reset by peer}. */
    @SuppressWarnings("restricted")
    String error(long result) {
        try {
            var message = (MemorySegment) STRERROR.invokeExact(error, (int) -result);
            return message.reinterpret(MESSAGE_BYTES_MAX).getString(0);
        } catch (Throwable unexpected) {
            throw uncallable(unexpected);
        }
    }

    private int errorNumber() {
        return (int) ERROR_NUMBER.get(error, 0L);
    }

    private static IllegalStateException uncallable(Throwable unexpected) {
        return new IllegalStateException("a system call can't be made", unexpected);
    }
}
