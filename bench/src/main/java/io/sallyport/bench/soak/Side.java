package io.sallyport.bench.soak;

import io.sallyport.bench.soak.Conversation.Manner;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One end of a conversation: sends its bytes and checks those of the other end. */
final class Side {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ERROR_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final SocketChannel connection;
    private final Payload outgoing;
    private final Payload incoming;
    private final boolean slow;
    private final boolean resets;
    private final boolean waitsForEnd;
    private final CountDownLatch peerEnded = new CountDownLatch(1);

    /**
     * Linux tells of a reset once. If a write heard of it, the next read finds an orderly end that
     * never was. Had there been one before, the write would have heard of a broken pipe.
     */
    private volatile boolean tookTheReset;

    /** How it ended. */
    enum Ending {
        /** Both directions ended in order, and every byte was right. */
        WHOLE,
        /** The connection was reset. */
        RESET
    }

    static Side ofPartner(SocketChannel connection, Conversation conversation) {
        return new Side(
                connection,
                conversation.fromPartner(),
                conversation.fromOrigin(),
                conversation.manner() == Manner.SLOWLY,
                conversation.manner() == Manner.PARTNER_RESETS,
                conversation.manner() == Manner.END_AFTER_ANSWER);
    }

    static Side ofOrigin(SocketChannel connection, Conversation conversation) {
        return new Side(
                connection,
                conversation.fromOrigin(),
                conversation.fromPartner(),
                conversation.manner() == Manner.SLOWLY,
                conversation.manner() == Manner.ORIGIN_RESETS,
                conversation.manner() == Manner.ANSWER_AFTER_END);
    }

    private Side(
            SocketChannel connection,
            Payload outgoing,
            Payload incoming,
            boolean slow,
            boolean resets,
            boolean waitsForEnd) {
        this.connection = connection;
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.slow = slow;
        this.resets = resets;
        this.waitsForEnd = waitsForEnd;
    }

    /**
     * Does all of it.
     *
     * @throws Damage if bytes are wrong, or the end comes before all of them in order
     */
    Ending run() throws Damage, InterruptedException {
        Thread sender = Thread.ofVirtual().start(this::send);
        Optional<Damage> damage = Optional.empty();
        Ending ending = Ending.WHOLE;
        try {
            receive();
        } catch (Damage found) {
            damage = Optional.of(found);
        } catch (IOException reset) {
            ending = Ending.RESET;
        }
        peerEnded.countDown();
        if (damage.isPresent() && sender.join(ERROR_PATIENCE) && tookTheReset) {
            damage = Optional.empty();
            ending = Ending.RESET;
        }
        if (ending == Ending.RESET || damage.isPresent()) {
            close(connection);
        }
        sender.join();
        boolean sentAll = outgoing.isWhole() && connection.isOpen();
        close(connection);
        if (damage.isPresent()) {
            throw damage.get();
        }
        return sentAll ? ending : Ending.RESET;
    }

    private void receive() throws IOException, Damage {
        var bytes = ByteBuffer.allocate(Conversation.PIECE_BYTES);
        while (connection.read(bytes.clear()) >= 0) {
            long before = incoming.position();
            if (!incoming.continuesWith(bytes.flip())) {
                throw new Damage("wrong bytes after " + before);
            }
            if (slow) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        if (!incoming.isWhole()) {
            throw new Damage("an orderly end after " + incoming.position() + " bytes, too early");
        }
    }

    private void send() {
        try {
            if (waitsForEnd && !peerEnded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                close(connection);
                return;
            }
            long resetAt = outgoing.length() / 2;
            while (!outgoing.isWhole()) {
                ByteBuffer piece = outgoing.next(Conversation.PIECE_BYTES);
                while (piece.hasRemaining()) {
                    connection.write(piece);
                }
                if (resets && outgoing.position() >= resetAt) {
                    break;
                }
            }
            if (resets) {
                connection.setOption(StandardSocketOptions.SO_LINGER, 0);
                connection.close();
            } else {
                connection.shutdownOutput();
            }
        } catch (IOException reset) {
            tookTheReset = String.valueOf(reset.getMessage()).startsWith("Connection reset");
            close(connection);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException alreadyClosed) {
            // Nothing is lost.
        }
    }

    /** What must never happen, whatever breaks. */
    static final class Damage extends Exception {
        Damage(String what) {
            super(what);
        }
    }
}
