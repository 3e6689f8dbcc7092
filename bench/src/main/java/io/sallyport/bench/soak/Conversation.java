package io.sallyport.bench.soak;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * What happens in one session, as the partner tells the origin with its first bytes.
 *
 * @param seed also says the manner
 * @param up how many bytes the partner sends
 * @param down how many bytes the origin sends
 */
record Conversation(long seed, long up, long down) {
    static final int HEADER_BYTES = 24;

    /** No more than the payload's cycle is sent at once. */
    static final int PIECE_BYTES = 64 << 10;

    private static final long LENGTH_MAX = 8 << 20;

    enum Manner {
        /** Both send at once. */
        TOGETHER,
        /** The origin sends when the partner has ended its direction. */
        ANSWER_AFTER_END,
        /** The partner ends its direction when the origin has ended its own. */
        END_AFTER_ANSWER,
        /** Both read slowly. */
        SLOWLY,
        /** The partner resets the session halfway. */
        PARTNER_RESETS,
        /** The origin resets the session halfway. */
        ORIGIN_RESETS;

        boolean isReset() {
            return this == PARTNER_RESETS || this == ORIGIN_RESETS;
        }
    }

    static Conversation random(RandomGenerator random) {
        return new Conversation(random.nextLong(), length(random), length(random));
    }

    Manner manner() {
        Manner[] manners = Manner.values();
        return manners[(int) Math.floorMod(seed, (long) manners.length)];
    }

    /** Most are short, a few are long: every order of magnitude is as likely. */
    private static long length(RandomGenerator random) {
        return random.nextInt(10) == 0
                ? 0
                : (long) Math.exp(random.nextDouble() * Math.log(LENGTH_MAX));
    }

    ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES).putLong(seed).putLong(up).putLong(down).flip();
    }

    static Conversation read(ByteBuffer header) {
        return new Conversation(header.getLong(), header.getLong(), header.getLong());
    }

    Payload fromPartner() {
        return new Payload(seed, up);
    }

    Payload fromOrigin() {
        return new Payload(~seed, down);
    }
}
