package io.sallyport.bench.soak;

import io.sallyport.bench.load.Origin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Partners that hold one conversation after the other, until they are told to stop. */
final class Partners {
    private final InetSocketAddress address;
    private final Findings findings;
    private final AtomicInteger restarts;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * @param restarts counts the beginnings and ends of restarts; a session within one may be reset
     */
    Partners(int port, Findings findings, AtomicInteger restarts) {
        this.address = new InetSocketAddress(Origin.LOCAL, port);
        this.findings = findings;
        this.restarts = restarts;
    }

    void start(int count) {
        stopping = false;
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(this::converse));
        }
    }

    /** Returns when the last conversations are over. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }

    private void converse() {
        RandomGenerator random = RandomGenerator.getDefault();
        try {
            while (!stopping) {
                converse(Conversation.random(random));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void converse(Conversation conversation) throws InterruptedException {
        int restartsBefore = restarts.get();
        try (var connection = SocketChannel.open(address)) {
            connection.write(conversation.header());
            Side.Ending ending = Side.ofPartner(connection, conversation).run();
            if (ending == Side.Ending.WHOLE && conversation.manner().isReset()) {
                findings.damage("partner, " + conversation + ": whole, but it had been reset");
            } else if (ending == Side.Ending.WHOLE) {
                findings.whole(conversation.up() + conversation.down());
            } else {
                wasReset(conversation, restartsBefore);
            }
        } catch (Side.Damage damage) {
            findings.damage("partner, " + conversation + ": " + damage.getMessage());
        } catch (IOException reset) {
            wasReset(conversation, restartsBefore);
        }
    }

    private void wasReset(Conversation conversation, int restartsBefore) {
        // Odd while a restart is under way.
        boolean restarted = restartsBefore % 2 == 1 || restarts.get() != restartsBefore;
        if (conversation.manner().isReset() || restarted) {
            findings.reset();
        } else {
            findings.damage("partner, " + conversation + ": reset, and nobody had reset it");
        }
    }
}
