package io.sallyport.agent.dial;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the operating system, on a virtual thread. All who want the same name at the same time share
 * one answer, so that a name server that is slow holds up one thread a name.
 */
public final class SystemNames implements Names {
    private final Map<String, CompletableFuture<List<InetAddress>>> asked =
            new ConcurrentHashMap<>();

    @Override
    public CompletableFuture<List<InetAddress>> addressesOf(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException name) {
            return asked.computeIfAbsent(host, this::ask);
        }
    }

    private CompletableFuture<List<InetAddress>> ask(String host) {
        var answer = new CompletableFuture<List<InetAddress>>();
        Thread.ofVirtual()
                .name("resolve " + host)
                .start(() -> {
                    try {
                        var addresses = List.of(InetAddress.getAllByName(host));
                        asked.remove(host);
                        answer.complete(addresses);
                    } catch (UnknownHostException | RuntimeException unknown) {
                        asked.remove(host);
                        answer.completeExceptionally(unknown);
                    }
                });
        return answer;
    }
}
