package io.sallyport.protocol;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Random bits that nobody can guess. */
final class RandomBits {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomBits() {}

    /** So many bytes by one call of the generator, where each long would be two. */
    static ByteBuffer of(int bytes) {
        byte[] bits = new byte[bytes];
        RANDOM.nextBytes(bits);
        return ByteBuffer.wrap(bits);
    }
}
