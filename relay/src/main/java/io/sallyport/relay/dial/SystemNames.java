package io.sallyport.relay.dial;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the operating system. All who want the same name at the same time share one answer, so that
 * a name server that is slow holds up one thread a name.
 */
public final class SystemNames implements Names {
    private static final int THREADS_MAX = 64;
    private static final int WAITING_MAX = 1024;

    // Platform threads: a look-up pins the carrier of a virtual one, of which there are few.
    private static final ExecutorService LOOKUPS = lookups();

    private final Map<String, CompletableFuture<List<InetAddress>>> asked =
            new ConcurrentHashMap<>();

    private static ExecutorService lookups() {
        var threads =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("resolve-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public CompletableFuture<List<InetAddress>> addressesOf(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException name) {
            CompletableFuture<List<InetAddress>> answer = asked.computeIfAbsent(host, this::ask);
            if (answer.isCompletedExceptionally()) {
                asked.remove(host, answer);
            }
            return answer;
        }
    }

    private CompletableFuture<List<InetAddress>> ask(String host) {
        var answer = new CompletableFuture<List<InetAddress>>();
        try {
            LOOKUPS.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("too many names are being looked up", tooMany));
        }
        return answer;
    }

    private void lookUp(String host, CompletableFuture<List<InetAddress>> answer) {
        try {
            var addresses = List.of(InetAddress.getAllByName(host));
            asked.remove(host);
            answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException unknown) {
            asked.remove(host);
            answer.completeExceptionally(unknown);
        }
    }
}
