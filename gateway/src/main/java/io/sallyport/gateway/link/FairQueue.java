package io.sallyport.gateway.link;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests in order, except that partner addresses take turns: one address that sends a thousand
 * partners at once makes its own wait, not the one that comes after from elsewhere.
 */
final class FairQueue {
    private final Map<InetAddress, ArrayDeque<ChannelRequest>> byAddress = new LinkedHashMap<>();
    private int size;

    int size() {
        return size;
    }

    void add(ChannelRequest request) {
        byAddress
                .computeIfAbsent(request.partnerAddress(), _ -> new ArrayDeque<>())
                .addLast(request);
        size++;
    }

    void remove(ChannelRequest request) {
        byAddress.computeIfPresent(
                request.partnerAddress(),
                (_, requests) -> {
                    if (requests.remove(request)) {
                        size--;
                    }
                    return requests.isEmpty() ? null : requests;
                });
    }

    @Nullable ChannelRequest poll() {
        var turn = byAddress.entrySet().iterator();
        if (!turn.hasNext()) {
            return null;
        }
        var entry = turn.next();
        turn.remove();
        ChannelRequest request = entry.getValue().removeFirst();
        if (!entry.getValue().isEmpty()) {
            byAddress.put(entry.getKey(), entry.getValue());
        }
        size--;
        return request;
    }
}
