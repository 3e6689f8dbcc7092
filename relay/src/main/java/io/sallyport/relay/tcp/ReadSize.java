package io.sallyport.relay.tcp;

/**
 * How much memory a connection's next read gets: more at once while much comes, and less only after
 * two reads of less. What Netty's own does for this takes 120 bytes for each connection.
 */
final class ReadSize {
    private static final int BYTES_MIN = 512;
    private static final int BYTES_FIRST = 2048;
    private static final int GROWTH = 16;

    private int bytes = BYTES_FIRST;
    private boolean wasTooLarge;

    int next() {
        return bytes;
    }

    /**
     * @param room what was offered, of which so much was read
     */
    void hasRead(int read, int room) {
        if (read == room) {
            bytes = Math.min(TcpChannel.READ_BYTES_MAX, bytes * GROWTH);
            wasTooLarge = false;
        } else if (read > bytes / 2) {
            wasTooLarge = false;
        } else if (wasTooLarge) {
            bytes = Math.max(BYTES_MIN, bytes / 2);
            wasTooLarge = false;
        } else {
            wasTooLarge = true;
        }
    }
}
