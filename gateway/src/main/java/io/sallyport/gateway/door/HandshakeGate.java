package io.sallyport.gateway.door;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Bounds the connections that have not proved who they are. A new one is never refused: the oldest
 * goes, first of the same address, so that neither silence nor half a handshake keeps an agent out.
 * Used on the core loop only.
 */
final class HandshakeGate {
    private final Executor core;
    private final Map<Channel, Pending> pending = new LinkedHashMap<>();
    private final Map<InetAddress, Set<Channel>> byAddress = new HashMap<>();
    private int max;
    private int maxPerAddress;

    private record Pending(InetAddress address, ChannelFutureListener whenGone) {}

    HandshakeGate(Executor core, int max, int maxPerAddress) {
        this.core = core;
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    void limit(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    int size() {
        return pending.size();
    }

    void admit(Channel channel, InetAddress address) {
        Set<Channel> ofAddress = byAddress.getOrDefault(address, Set.of());
        if (ofAddress.size() >= maxPerAddress) {
            evict(ofAddress.iterator().next());
        } else if (pending.size() >= max) {
            evict(pending.keySet().iterator().next());
        }
        ChannelFutureListener whenGone = _ -> core.execute(() -> release(channel));
        pending.put(channel, new Pending(address, whenGone));
        byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(channel);
        channel.closeFuture().addListener(whenGone);
    }

    /** The connection has proved who it is, or is gone, and counts no longer. */
    void release(Channel channel) {
        Pending released = pending.remove(channel);
        if (released == null) {
            return;
        }
        channel.closeFuture().removeListener(released.whenGone());
        byAddress.computeIfPresent(
                released.address(),
                (_, channels) -> {
                    channels.remove(channel);
                    return channels.isEmpty() ? null : channels;
                });
    }

    private void evict(Channel channel) {
        release(channel);
        channel.close();
    }
}
