package io.sallyport.relay.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.relay.linux.Kernel;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemCall;
import io.sallyport.relay.linux.SystemError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is asked of Linux for pipes. Each call gives what the system call gives, or the negative
 * error number. For one thread.
 */
final class SystemCalls {
    // <asm-generic/fcntl.h>, <linux/fcntl.h>, <linux/splice.h>
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final Kernel kernel = Kernel.ofThread();
    private final Sockets sockets = Sockets.ofThread();
    private final MemorySegment ends = Arena.ofAuto().allocate(INT, 2);
    private final MemorySegment word = Arena.ofAuto().allocate(INT);
    private final ByteBuf wordBytes = Unpooled.wrappedBuffer(word.asByteBuffer());

    /**
     * @throws IllegalStateException if the kernel, or what confines this process, refuses
     */
    void probe() {
        int result = makePipe();
        if (result < 0) {
            throw new IllegalStateException("no pipe can be made: " + SystemError.message(result));
        }
        int readEnd = ends.getAtIndex(INT, 0);
        int writeEnd = ends.getAtIndex(INT, 1);
        long moved = splice(readEnd, writeEnd, 0);
        close(readEnd);
        close(writeEnd);
        if (moved < 0) {
            throw new IllegalStateException("splice is refused: " + SystemError.message(moved));
        }
    }

    /** Moves what there is now, at most so many bytes, from one descriptor to the other. */
    long splice(int from, int to, long bytesMax) {
        return kernel.call(
                SystemCall.SPLICE, from, 0, to, 0, bytesMax, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    }

    private int makePipe() {
        return kernel.call(SystemCall.PIPE2, ends.address(), O_NONBLOCK | O_CLOEXEC, 0);
    }

    /**
     * Takes at most four bytes from a socket, which {@link #received} has then.
     *
     * @return bytes, 0 at the end of the socket's input, or a negative error number
     */
    int receive(int socket, int bytesMax) {
        return sockets.receive(socket, word.address(), bytesMax);
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
        return sockets.sendMore(socket, word.address() + Integer.BYTES - lastBytes, lastBytes);
    }

    /** Both ends of a new pipe, the one to read from first; empty if there is none to be had. */
    int[] pipe() {
        return makePipe() < 0
                ? new int[0]
                : new int[] {ends.getAtIndex(INT, 0), ends.getAtIndex(INT, 1)};
    }

    /** Asks for a pipe of this size, in bytes, and gives the size that it has then. */
    int resizePipe(int end, int bytes) {
        int granted = kernel.call(SystemCall.FCNTL, end, F_SETPIPE_SZ, bytes);
        return granted >= 0 ? granted : kernel.call(SystemCall.FCNTL, end, F_GETPIPE_SZ, 0);
    }

    void close(int descriptor) {
        kernel.close(descriptor);
    }
}
