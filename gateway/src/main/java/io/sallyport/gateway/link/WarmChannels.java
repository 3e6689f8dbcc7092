package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data channels that wait for a session, apart for each loop, so that to choose one takes the
 * same time however many there are. Used on the core loop only.
 */
final class WarmChannels {
    private final LoopLoads loads;
    private final Map<EventLoop, ArrayDeque<Warm>> byLoop = new LinkedHashMap<>();
    private int count;

    private record Warm(Offer offer, long sinceNanos) {}

    WarmChannels(LoopLoads loads) {
        this.loads = loads;
    }

    int count() {
        return count;
    }

    void add(Offer offer, long nowNanos) {
        byLoop.computeIfAbsent(offer.loop(), _ -> new ArrayDeque<>())
                .addLast(new Warm(offer, nowNanos));
        count++;
    }

    /**
     * Of the loop that carries the least, the channel that was used last; null if there is none.
     */
    @Nullable Offer take() {
        Map.Entry<EventLoop, ArrayDeque<Warm>> best = null;
        for (var channels : byLoop.entrySet()) {
            if (!channels.getValue().isEmpty()
                    && (best == null || loads.isBetter(channels.getKey(), best.getKey()))) {
                best = channels;
            }
        }
        if (best == null) {
            return null;
        }
        count--;
        return best.getValue().removeLast().offer();
    }

    void remove(Offer offer) {
        var channels = byLoop.get(offer.loop());
        if (channels != null && channels.removeIf(warm -> warm.offer().equals(offer))) {
            count--;
        }
    }

    /** Takes out the one that has waited longest, if it has waited since then or longer. */
    @Nullable Offer takeOldest(long sinceNanos) {
        Optional<ArrayDeque<Warm>> oldest =
                byLoop.values().stream()
                        .filter(channels -> !channels.isEmpty())
                        .min(
                                Comparator.comparingLong(
                                        channels -> channels.getFirst().sinceNanos() - sinceNanos));
        if (oldest.isEmpty() || oldest.get().getFirst().sinceNanos() - sinceNanos > 0) {
            return null;
        }
        count--;
        return oldest.get().removeFirst().offer();
    }

    void clear(Consumer<Offer> each) {
        byLoop.values().stream()
                .flatMap(Collection::stream)
                .forEach(warm -> each.accept(warm.offer()));
        byLoop.clear();
        count = 0;
    }
}
