package io.sallyport.agent.link;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tickets whose data channels are not dialed yet, oldest first; for a while, then given up. */
final class TicketQueue {
    /** About as long as a gateway waits for the channel of a ticket. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    /** A ticket and what to dial for it. */
    record Entry(ChannelKind kind, Ticket ticket, long sinceNanos) {}

    int size() {
        return entries.size();
    }

    void add(ChannelKind kind, Ticket ticket, long nowNanos) {
        entries.addLast(new Entry(kind, ticket, nowNanos));
    }

    @Nullable Entry poll() {
        return entries.pollFirst();
    }

    /** Removes what waited too long. */
    Map<ChannelKind, List<Ticket>> expire(long nowNanos) {
        var expired = new EnumMap<ChannelKind, List<Ticket>>(ChannelKind.class);
        for (Entry oldest = entries.peekFirst();
                oldest != null && nowNanos - oldest.sinceNanos() >= PATIENCE.toNanos();
                oldest = entries.peekFirst()) {
            expired.computeIfAbsent(oldest.kind(), _ -> new ArrayList<>()).add(oldest.ticket());
            entries.removeFirst();
        }
        return expired;
    }

    void clear() {
        entries.clear();
    }
}
