package io.sallyport.acceptance.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Bytes without a pattern that anything could compress, lose or repeat unnoticed. The same seed
 * gives the same bytes.
 */
public record Payload(long seed, long bytes) {
    private static final int BLOCK_BYTES = 65_536;

    public static Payload mebibytes(long seed, int count) {
        return new Payload(seed, (long) count << 20);
    }

    public void writeTo(OutputStream out) throws IOException {
        var random = new SplittableRandom(seed);
        var block = new byte[BLOCK_BYTES];
        for (long left = bytes; left > 0; left -= BLOCK_BYTES) {
            random.nextBytes(block);
            out.write(block, 0, (int) Math.min(left, BLOCK_BYTES));
        }
    }

    public byte[] toBytes() {
        var out = new ByteArrayOutputStream();
        try {
            writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    public Path toFile(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            writeTo(out);
            return file;
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    public String sha256() {
        try (var out =
                new DigestOutputStream(
                        OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            writeTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The SHA-256 of a file. */
    public static String sha256(Path file) {
        try (var out =
                new DigestOutputStream(
                        OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            Files.copy(file, out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
