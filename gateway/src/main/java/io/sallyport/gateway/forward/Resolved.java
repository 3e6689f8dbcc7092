package io.sallyport.gateway.forward;

import io.sallyport.gateway.session.ForwardPartner;
import io.sallyport.process.destination.Destination;
import io.sallyport.process.destination.Destinations;
import io.sallyport.process.destination.PublicAddress;
import io.sallyport.relay.dial.Names;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One address of a destination, as the gateway found it.
 *
 * @param isPublic whether anybody may reach it; the gateway's own addresses are not for others
 */
record Resolved(InetAddress address, boolean isPublic) {
    // Looking at the interfaces asks the kernel, and is no work for a loop.
    private static final Executor OFF_LOOP = Thread::startVirtualThread;

    static CompletableFuture<List<Resolved>> of(Destination destination, Names names) {
        return names.addressesOf(destination.host())
                .thenApplyAsync(found -> found.stream().map(Resolved::of).toList(), OFF_LOOP);
    }

    private static Resolved of(InetAddress address) {
        return new Resolved(address, PublicAddress.is(address) && !isOwn(address));
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }

    /** The addresses that a policy allows. */
    static List<Resolved> allowed(
            List<Resolved> found, Destination destination, Destinations policy) {
        return found.stream()
                .filter(one -> policy.allow(destination, one.address(), one.isPublic()))
                .toList();
    }

    static List<InetAddress> addresses(List<Resolved> found) {
        return found.stream().map(Resolved::address).toList();
    }

    /** The partner behind an address that was reached, or that came. */
    static ForwardPartner partner(Destination asked, InetAddress address, List<Resolved> found) {
        return new ForwardPartner(
                asked,
                found.stream().anyMatch(one -> one.isPublic() && one.address().equals(address)));
    }
}
