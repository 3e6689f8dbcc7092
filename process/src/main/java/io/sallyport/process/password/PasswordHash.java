package io.sallyport.process.password;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a configuration file knows of a password: {@code pbkdf2-sha256$600000$SALT$HASH}, salt and
 * hash in Base64 without padding.
 */
public final class PasswordHash {
    private static final int ITERATIONS = 600_000;
    private static final int ITERATIONS_LEAST = 100_000;
    private static final int ITERATIONS_MOST = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern FORM =
            Pattern.compile("pbkdf2-sha256\\$(\\d{1,8})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /** No password is known to match it; to say so takes as long as with any other. */
    public static final PasswordHash NOBODY =
            new PasswordHash(ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BYTES]);

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** A new one, with a salt of its own. */
    public static PasswordHash of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
    }

    /**
     * @throws IllegalArgumentException if it is not one
     */
    public static PasswordHash parse(String written) {
        Matcher matcher = FORM.matcher(written);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("passwords do not stand here in the clear");
        }
        int iterations = Integer.parseInt(matcher.group(1));
        if (iterations < ITERATIONS_LEAST || iterations > ITERATIONS_MOST) {
            throw new IllegalArgumentException(
                    "the iterations go from " + ITERATIONS_LEAST + " to " + ITERATIONS_MOST);
        }
        byte[] salt = Base64.getDecoder().decode(matcher.group(2));
        byte[] hash = Base64.getDecoder().decode(matcher.group(3));
        if (salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("it is cut: copy the whole line");
        }
        return new PasswordHash(iterations, salt, hash);
    }

    /** Takes about a tenth of a second of one processor, whatever the answer. */
    public boolean matches(char[] password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        var spec = new PBEKeySpec(password, salt, iterations, HASH_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException unavailable) {
            throw new IllegalStateException(unavailable);
        } finally {
            spec.clearPassword();
        }
    }

    /** As it is written in a configuration file. */
    @Override
    public String toString() {
        var base64 = Base64.getEncoder().withoutPadding();
        return "pbkdf2-sha256$%d$%s$%s"
                .formatted(iterations, base64.encodeToString(salt), base64.encodeToString(hash));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
