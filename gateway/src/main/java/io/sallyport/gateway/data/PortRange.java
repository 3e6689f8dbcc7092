package io.sallyport.gateway.data;

import io.sallyport.protocol.DataPorts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Ports that are lent one by one: in an order that strangers can't guess, and the one given back
 * last is lent last, so that neither a scan of the range nor a wait for the kernel is needed (RFC
 * 2577, section 8).
 */
final class PortRange {
    /** Parts of a range that are free when it is said to run low: one in so many. */
    private static final int LOW = 10;

    private final ArrayDeque<Integer> free;
    private final int size;

    PortRange(DataPorts ports, RandomGenerator random) {
        size = ports.count();
        var shuffled = new ArrayList<Integer>(size);
        for (int port = ports.first(); port <= ports.last(); port++) {
            shuffled.add(port);
        }
        Collections.shuffle(shuffled, random);
        free = new ArrayDeque<>(shuffled);
    }

    OptionalInt lend() {
        Integer port = free.pollFirst();
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    void giveBack(int port) {
        free.addLast(port);
    }

    int lent() {
        return size - free.size();
    }

    /** Whether there are so few left that someone should know. */
    boolean isLow() {
        return free.size() * LOW < size;
    }
}
