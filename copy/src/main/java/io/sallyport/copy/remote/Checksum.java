package io.sallyport.copy.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a server says that a file's bytes make.
 *
 * @param algorithm as {@link MessageDigest} names it
 */
public record Checksum(String algorithm, String hex) {

    /** Whether a file here has it. */
    public boolean isOf(Path file) throws IOException {
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest())) {
            Files.copy(file, out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest()).equalsIgnoreCase(hex);
        }
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
