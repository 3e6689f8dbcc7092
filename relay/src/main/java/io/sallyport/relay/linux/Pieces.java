package io.sallyport.relay.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pieces of memory that are sent by one call: {@code iovec} and {@code msghdr}. */
public final class Pieces {
    private static final int PIECES_MAX = 256;
    private static final long PIECE_BYTES = 16;
    private static final long MESSAGE_BYTES = 56;
    private static final long PIECES_AT = 16;
    private static final long COUNT_AT = 24;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MemorySegment pieces;
    private final MemorySegment message;
    private int count;
    private long bytes;

    Pieces(Arena arena) {
        pieces = arena.allocate(PIECES_MAX * PIECE_BYTES, Long.BYTES);
        message = arena.allocate(MESSAGE_BYTES, Long.BYTES);
        message.set(LONG, PIECES_AT, pieces.address());
    }

    public void clear() {
        count = 0;
        bytes = 0;
    }

    /** Whether there was room for it. */
    public boolean add(long address, int length) {
        if (count == PIECES_MAX) {
            return false;
        }
        pieces.set(LONG, count * PIECE_BYTES, address);
        pieces.set(LONG, count * PIECE_BYTES + Long.BYTES, length);
        count++;
        bytes += length;
        return true;
    }

    public int count() {
        return count;
    }

    public long bytes() {
        return bytes;
    }

    long firstAddress() {
        return pieces.get(LONG, 0);
    }

    /** The address of the message that they make up. */
    long message() {
        message.set(LONG, COUNT_AT, count);
        return message.address();
    }
}
