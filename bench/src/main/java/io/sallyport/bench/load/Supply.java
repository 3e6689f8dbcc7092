package io.sallyport.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes without end: a file's, which the kernel sends without a copy (sendfile), as servers do.
 * Copying them would take from what is measured the processors that it shares with the load.
 */
final class Supply {
    private static final int BYTES = 1 << 20;
    private static final FileChannel FILE = file();

    private Supply() {}

    private static FileChannel file() {
        try {
            Path path = Files.createTempFile("sallyport-bench", ".supply");
            Files.write(path, ByteBuffer.allocate(BYTES).put(0, Origin.SINK).array());
            return FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    /**
     * Sends until the connection breaks; the first byte is {@link Origin#SINK}.
     *
     * @throws IOException when it has broken
     */
    static void pour(SocketChannel into) throws IOException {
        for (long at = 0; ; at %= BYTES) {
            at += FILE.transferTo(at, BYTES - at, into);
        }
    }
}
