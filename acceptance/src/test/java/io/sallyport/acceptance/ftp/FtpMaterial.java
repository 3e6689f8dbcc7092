package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The files that all cells transfer, made once. */
public final class FtpMaterial {
    static final int SMALL_FILES = 100;
    private static final int LARGE_MEBIBYTES = 32;
    private static final int MEDIUM_BYTES = 3_000_017;
    private static final int HEAD_BYTES = 1_000_003;

    private final Path directory;
    private final Payload large = Payload.mebibytes(31, LARGE_MEBIBYTES);
    private final byte[] medium = new Payload(32, MEDIUM_BYTES).toBytes();
    private final String largeSha256;

    /** Makes the files in a directory; servers that link to them must be on its file system. */
    public FtpMaterial(Path directory) {
        this.directory = directory;
        try {
            largeSha256 = Payload.sha256(large.toFile(large()));
            Files.write(medium(), medium);
            Files.write(tail(), Arrays.copyOfRange(medium, HEAD_BYTES, MEDIUM_BYTES));
            Files.createDirectory(small());
            for (int number = 0; number < SMALL_FILES; number++) {
                Files.write(small().resolve(smallName(number)), smallContent(number));
            }
        } catch (IOException cannotMake) {
            throw new UncheckedIOException(cannotMake);
        }
    }

    /** 32 MiB. */
    public Path large() {
        return directory.resolve("large");
    }

    String largeSha256() {
        return largeSha256;
    }

    Path medium() {
        return directory.resolve("medium");
    }

    byte[] mediumContent() {
        return medium;
    }

    /** What {@link #medium} begins with. */
    byte[] head() {
        return Arrays.copyOf(medium, HEAD_BYTES);
    }

    /** The rest of {@link #medium}. */
    Path tail() {
        return directory.resolve("tail");
    }

    /** The folder of the hundred files. */
    Path small() {
        return directory.resolve("small");
    }

    static String smallName(int number) {
        return "f%03d".formatted(number);
    }

    static byte[] smallContent(int number) {
        return new Payload(1_000 + number, 17L * number).toBytes();
    }
}
