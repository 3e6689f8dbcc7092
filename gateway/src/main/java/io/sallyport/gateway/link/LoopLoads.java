package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;

/** How many sessions each loop carries. Used on the core loop only. */
public final class LoopLoads {
    private final EventLoop core;
    private final int count;
    private final Map<EventLoop, Integer> sessions = new HashMap<>();

    /**
     * @param count of loops, the core loop among them
     */
    public LoopLoads(EventLoop core, int count) {
        this.core = core;
        this.count = count;
    }

    int count() {
        return count;
    }

    public void begin(EventLoop loop) {
        sessions.merge(loop, 1, Integer::sum);
    }

    public void end(EventLoop loop) {
        sessions.merge(loop, -1, Integer::sum);
    }

    /**
     * Whether a new session is better carried by this loop than by the other: it carries fewer, or
     * as many and is the core loop, which need not wake another to begin.
     */
    boolean isBetter(EventLoop loop, EventLoop other) {
        int difference = load(loop) - load(other);
        return difference < 0 || (difference == 0 && loop.equals(core) && !other.equals(core));
    }

    private int load(EventLoop loop) {
        return sessions.getOrDefault(loop, 0);
    }
}
