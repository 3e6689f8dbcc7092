package io.sallyport.relay;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * What the two ends of one session do, by a seed: how much each sends, in what pieces, with what
 * pauses, and whether one of them resets the connection half way.
 */
record RandomSession(long seed) {
    private static final int PIECE_BYTES_MAX = 256 * 1024;
    private static final byte[] STREAM = new byte[PIECE_BYTES_MAX];

    static {
        new Random(11).nextBytes(STREAM);
    }

    enum Side {
        PARTNER,
        ORIGIN
    }

    /** What one side saw. */
    sealed interface Seen {
        /** Every byte of the other side, in its place, and the end in order. */
        record Everything() implements Seen {}

        /** The other side's end in order, too early or with wrong bytes before it. */
        record Damage(long bytes) implements Seen {}

        record ResetAfter(long bytes) implements Seen {}
    }

    private boolean isReset() {
        return random(2).nextInt(3) == 0;
    }

    private Side resetBy() {
        return random(3).nextBoolean() ? Side.PARTNER : Side.ORIGIN;
    }

    /**
     * Whether this is what the side has to see, if nothing went wrong between the two.
     *
     * @param resetSeen while it sent: the kernel tells of a reset once, either its sender or its
     *     reader
     */
    boolean allows(Side side, Seen seen, boolean resetSeen) {
        return switch (seen) {
            // Who resets may have had everything before.
            case Seen.Everything() -> !isReset() || resetBy() == side;
            case Seen.ResetAfter(var _) -> isReset();
            case Seen.Damage(var _) -> isReset() && resetSeen;
        };
    }

    private long bytesFrom(Side side) {
        Random random = random(side == Side.PARTNER ? 4 : 5);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(3);
            case 1 -> random.nextInt(64 * 1024);
            default -> random.nextInt(12 * 1024 * 1024);
        };
    }

    private Random random(int use) {
        return new Random(seed * 31 + use);
    }

    /**
     * Sends what this side has to send, then ends its direction or resets the connection.
     *
     * @return whether the kernel said, instead, that the other side had reset it
     */
    boolean sendOrSeeReset(Side side, Socket socket) {
        Random random = random(side == Side.PARTNER ? 6 : 7);
        boolean resets = isReset() && resetBy() == side;
        long bytes = bytesFrom(side) / (resets ? 2 : 1);
        try {
            for (long sent = 0; sent < bytes; ) {
                int from = (int) (sent % STREAM.length);
                int piece = 1 + random.nextInt(random.nextBoolean() ? 1000 : PIECE_BYTES_MAX);
                int length = (int) Math.min(Math.min(piece, STREAM.length - from), bytes - sent);
                socket.getOutputStream().write(STREAM, from, length);
                sent += length;
                pause(random);
            }
            if (resets) {
                socket.setSoLinger(true, 0);
                socket.close();
            } else {
                socket.shutdownOutput();
            }
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Reads to the end, on the side that is named. */
    Seen receive(Side side, Socket socket) {
        Random random = random(side == Side.PARTNER ? 8 : 9);
        Side sender = side == Side.PARTNER ? Side.ORIGIN : Side.PARTNER;
        byte[] buffer = new byte[1 + random.nextInt(PIECE_BYTES_MAX)];
        long received = 0;
        boolean right = true;
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    right &= buffer[i] == STREAM[(int) (received++ % STREAM.length)];
                }
                pause(random);
            }
        } catch (IOException reset) {
            return new Seen.ResetAfter(received);
        }
        return right && received == bytesFrom(sender)
                ? new Seen.Everything()
                : new Seen.Damage(received);
    }

    private static void pause(Random random) {
        if (random.nextInt(16) == 0) {
            LockSupport.parkNanos(random.nextInt(3_000_000));
        }
    }
}
