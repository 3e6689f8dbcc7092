package io.sallyport.relay.dial;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Turns names into addresses without holding up the caller. */
@FunctionalInterface
public interface Names {
    /**
     * The addresses in the order to try them; fails with an UnknownHostException. May complete on
     * any thread, and has no deadline of its own.
     */
    CompletableFuture<List<InetAddress>> addressesOf(String host);

    /** Takes every name for this address. */
    static Names fixed(InetAddress address) {
        return _ -> CompletableFuture.completedFuture(List.of(address));
    }
}
