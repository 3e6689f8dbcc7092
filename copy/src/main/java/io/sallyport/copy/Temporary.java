package io.sallyport.copy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Names of files that are not whole yet. The name holds what is known of the source, its size and
 * time, so that what was begun is never continued with the bytes of another version.
 */
final class Temporary {
    private Temporary() {}

    /** {@code .NAME.1a2b3c4d.part}. */
    static String nameFor(String name, long bytes, @Nullable Instant modified) {
        var version = new CRC32();
        version.update(
                ByteBuffer.allocate(16)
                        .putLong(bytes)
                        .putLong(modified == null ? 0 : modified.getEpochSecond())
                        .flip());
        return ".%s.%08x.part".formatted(name, version.getValue());
    }
}
