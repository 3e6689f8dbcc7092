package io.sallyport.acceptance.peer;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and hashes what it reads. Read by one thread; its count may be watched by others. */
final class Receiver {
    private static final int READ_BYTES = 65_536;

    private final MessageDigest digest;
    private final byte[] buffer = new byte[READ_BYTES];
    private volatile long bytes;

    Receiver() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long bytes() {
        return bytes;
    }

    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Reads until the connection ends. */
    Receipt readToEnd(InputStream in, Pace pace) {
        try {
            while (true) {
                pace.beforeReading(bytes);
                if (readOnce(in) < 0) {
                    return Receipt.of(this, Ending.ORDERLY);
                }
            }
        } catch (SocketTimeoutException silence) {
            return Receipt.of(this, Ending.NONE);
        } catch (IOException reset) {
            return Receipt.of(this, Ending.RESET);
        }
    }

    private int readOnce(InputStream in) throws IOException {
        int count = in.read(buffer);
        if (count > 0) {
            digest.update(buffer, 0, count);
            count(count);
        }
        return count;
    }

    // One thread reads, so nothing is lost between load and store.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int more) {
        bytes += more;
    }
}
