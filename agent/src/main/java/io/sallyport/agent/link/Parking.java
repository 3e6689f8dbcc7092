package io.sallyport.agent.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data channels whose last session ended in order, until they carry a next one or have waited too
 * long. The one that came last is taken first, so that those beyond the demand leave.
 */
final class Parking<T> {
    static final int PLACES = 256;

    /** Shorter than the gateway keeps a connection that nothing is offered on. */
    static final Duration STAY = Duration.ofSeconds(60);

    private final ArrayDeque<Parked<T>> parked = new ArrayDeque<>();

    private record Parked<T>(T channel, long sinceNanos) {}

    int size() {
        return parked.size();
    }

    /** False if there is no place. */
    boolean park(T channel, long nowNanos) {
        if (parked.size() >= PLACES) {
            return false;
        }
        parked.addLast(new Parked<>(channel, nowNanos));
        return true;
    }

    @Nullable T take() {
        Parked<T> last = parked.pollLast();
        return last == null ? null : last.channel();
    }

    void remove(T channel) {
        parked.removeIf(entry -> entry.channel().equals(channel));
    }

    /** Removes those that stayed too long. */
    List<T> expire(long nowNanos) {
        var expired = new ArrayList<T>();
        for (Parked<T> oldest = parked.peekFirst();
                oldest != null && nowNanos - oldest.sinceNanos() >= STAY.toNanos();
                oldest = parked.peekFirst()) {
            expired.add(oldest.channel());
            parked.removeFirst();
        }
        return expired;
    }

    /** Removes all. */
    List<T> clear() {
        var all = parked.stream().map(Parked::channel).toList();
        parked.clear();
        return all;
    }
}
