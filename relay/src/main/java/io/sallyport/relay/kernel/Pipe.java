package io.sallyport.relay.kernel;

/** A buffer in the kernel, through which bytes go from one socket to another. For one thread. */
final class Pipe {
    private final SystemCalls calls;
    private final int readEnd;
    private final int writeEnd;
    private final int capacity;
    private long held;
    private int header;
    private int headerBytes;

    /**
     * @param capacity in bytes; the kernel may hold fewer
     */
    Pipe(SystemCalls calls, int readEnd, int writeEnd, int capacity) {
        this.calls = calls;
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    boolean isEmpty() {
        return held == 0 && headerBytes == 0;
    }

    /**
     * Takes what a socket has received. Only while the pipe is empty: else nobody could tell which
     * of the two has nothing to give, the socket or the pipe.
     *
     * @param bytesMax may be more than the pipe takes
     * @return bytes, 0 at the end of the socket's input, or a negative error number
     */
    long fillFrom(int socket, int bytesMax) {
        long taken = calls.splice(socket, writeEnd, Math.min(bytesMax, capacity));
        if (taken > 0) {
            held = taken;
        }
        return taken;
    }

    /** Has these four bytes, the highest first, go before what the pipe holds. */
    void announce(int header) {
        this.header = header;
        headerBytes = Integer.BYTES;
    }

    /**
     * Gives a socket as much as it takes now.
     *
     * @return bytes, or a negative error number
     */
    long drainTo(int socket) {
        if (headerBytes > 0) {
            int sent = calls.sendMore(socket, header, headerBytes);
            if (sent > 0) {
                headerBytes -= sent;
            }
            return sent;
        }
        long given = calls.splice(readEnd, socket, held);
        if (given > 0) {
            held -= given;
        }
        return given;
    }

    void close() {
        calls.close(readEnd);
        calls.close(writeEnd);
    }
}
