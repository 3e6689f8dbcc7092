package io.sallyport.acceptance.product;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports for those who can't take a free one by themselves, because others have to know it before or
 * it has to stay the same over a restart. Below the ephemeral range, where no outgoing connection
 * can be in the way.
 */
public final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 31_999;
    private static final Set<Integer> GIVEN = new HashSet<>();

    /** A port that nobody listens on and that is given once. */
    public static synchronized int free() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free from " + FIRST + " to " + LAST);
    }

    /** The first of so many ports in a row, each as {@link #free} gives them. */
    public static synchronized int freeRange(int count) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST + 2 - count);
            if (IntStream.range(first, first + count)
                    .allMatch(port -> !GIVEN.contains(port) && isFree(port))) {
                IntStream.range(first, first + count).forEach(GIVEN::add);
                return first;
            }
        }
        throw new IllegalStateException(
                "no %d ports in a row are free from %d to %d".formatted(count, FIRST, LAST));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private Ports() {}
}
