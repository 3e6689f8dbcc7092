package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts bytes into lines, however they arrive, and holds those that are not asked for yet. */
final class Lines {
    /** The longest line that is taken, in bytes: names of 4 KiB, twice. */
    static final int LINE_BYTES_MAX = 8 * 1024;

    /** Bytes that may wait before the sender is no longer read. */
    static final int HELD_BYTES_HIGH = 32 * 1024;

    /** Beyond one read more than that, somebody does not stop when told to. */
    private static final int HELD_BYTES_MAX = 2 * 1024 * 1024;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final boolean lineFeedEnds;
    private byte[] bytes = new byte[256];
    private int start;
    private int end;
    private int searched;

    /**
     * @param lineFeedEnds whether LF alone ends a line, too
     */
    Lines(boolean lineFeedEnds) {
        this.lineFeedEnds = lineFeedEnds;
    }

    /** Takes the buffer over. */
    void add(ByteBuf more) throws ConversationException {
        try {
            int count = more.readableBytes();
            if (held() + count > HELD_BYTES_MAX) {
                throw new ConversationException("too many bytes came before they could be read");
            }
            makeRoom(count);
            more.readBytes(bytes, end, count);
            end += count;
        } finally {
            more.release();
        }
    }

    private void makeRoom(int count) {
        if (end + count <= bytes.length) {
            return;
        }
        int held = held();
        byte[] roomier =
                held + count <= bytes.length
                        ? bytes
                        : new byte[Integer.highestOneBit(held + count) * 2];
        System.arraycopy(bytes, start, roomier, 0, held);
        bytes = roomier;
        searched -= start;
        start = 0;
        end = held;
    }

    /** The next line with its end, or null if it is not complete. */
    byte @Nullable [] next() throws ConversationException {
        for (; searched < end; searched++) {
            if (bytes[searched] == LF
                    && (lineFeedEnds || (searched > start && bytes[searched - 1] == CR))) {
                searched++;
                byte[] line = Arrays.copyOfRange(bytes, start, searched);
                start = searched;
                shrinkIfEmpty();
                checkLength(line.length);
                return line;
            }
        }
        checkLength(held());
        return null;
    }

    private static void checkLength(int length) throws ConversationException {
        if (length > LINE_BYTES_MAX) {
            throw new ConversationException("a line is longer than " + LINE_BYTES_MAX + " bytes");
        }
    }

    private void shrinkIfEmpty() {
        if (start == end) {
            start = 0;
            end = 0;
            searched = 0;
            if (bytes.length > HELD_BYTES_HIGH) {
                bytes = new byte[256];
            }
        }
    }

    /** Bytes that were not returned yet. */
    int held() {
        return end - start;
    }
}
