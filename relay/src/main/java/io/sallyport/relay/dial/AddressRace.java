package io.sallyport.relay.dial;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever address of a host answers first (Happy Eyeballs, RFC 8305): the families
 * take turns, and an address that does not answer soon gets a rival. Used on one event loop.
 */
public final class AddressRace implements Dialing {
    /** How long an attempt runs before the next begins beside it (RFC 8305, section 5). */
    private static final Duration STAGGER = Duration.ofMillis(250);

    private static final int ADDRESSES_MAX = 16;

    /** Hears how it went, once, on the race's loop, unless it was cancelled. */
    public interface Outcome {
        /** Nothing is read from the connection before somebody asks for it. */
        void connected(TcpChannel connection, Endpoint to);

        /**
         * @param last why the last address failed; a SocketTimeoutException if time was up
         */
        void failed(Throwable last);
    }

    private final EventLoop loop;
    private final int port;
    private final Outcome outcome;
    private final ArrayDeque<InetAddress> left;
    private final Set<TcpChannel> running = new HashSet<>();
    private @Nullable Future<?> deadline;
    private @Nullable Future<?> next;
    private boolean over;

    private AddressRace(EventLoop loop, List<InetAddress> addresses, int port, Outcome outcome) {
        this.loop = loop;
        this.port = port;
        this.outcome = outcome;
        left = new ArrayDeque<>(addresses);
    }

    /**
     * Begins to connect; called on the loop.
     *
     * @param addresses at least one, in the order of the resolver
     * @param patience how long all of it may take
     */
    public static AddressRace start(
            EventLoop loop,
            Collection<InetAddress> addresses,
            int port,
            Duration patience,
            Outcome outcome) {
        var race = new AddressRace(loop, interleaved(addresses), port, outcome);
        race.deadline =
                loop.schedule(
                        () -> race.fail(new SocketTimeoutException()),
                        Math.max(0, patience.toMillis()),
                        TimeUnit.MILLISECONDS);
        race.tryNext();
        return race;
    }

    /** The first address's family begins, and the other takes turns with it. */
    static List<InetAddress> interleaved(Collection<InetAddress> addresses) {
        var six = new ArrayDeque<InetAddress>();
        var four = new ArrayDeque<InetAddress>();
        addresses.forEach(address -> (address instanceof Inet6Address ? six : four).add(address));
        boolean turnOfSix = addresses.iterator().next() instanceof Inet6Address;
        List<InetAddress> order = new ArrayList<>();
        while (order.size() < ADDRESSES_MAX && !(six.isEmpty() && four.isEmpty())) {
            InetAddress address = (turnOfSix ? six : four).poll();
            if (address != null) {
                order.add(address);
            }
            turnOfSix = !turnOfSix;
        }
        return order;
    }

    private void tryNext() {
        InetAddress address = left.poll();
        if (over || address == null) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        next = loop.schedule(this::tryNext, STAGGER.toMillis(), TimeUnit.MILLISECONDS);
        TcpChannel channel;
        try {
            channel = TcpChannel.open(loop, address);
        } catch (ChannelException noSocket) {
            fail(noSocket);
            return;
        }
        running.add(channel);
        // The deadline of the race is the only one.
        channel.config().setConnectTimeoutMillis(0);
        var to = new Endpoint(address, port);
        loop.register(channel)
                .addListener((ChannelFuture registered) -> {
                    if (registered.isSuccess()) {
                        channel.connect(to.toSocketAddress())
                                .addListener((ChannelFuture connected) ->
                                        tried(channel, to, connected.cause()));
                    } else {
                        tried(channel, to, registered.cause());
                    }
                });
    }

    private void tried(TcpChannel channel, Endpoint to, @Nullable Throwable failure) {
        running.remove(channel);
        if (over) {
            channel.close();
        } else if (failure == null) {
            abandon();
            outcome.connected(channel, to);
        } else {
            channel.close();
            if (left.isEmpty() && running.isEmpty()) {
                fail(failure);
            } else {
                tryNext();
            }
        }
    }

    private void fail(Throwable cause) {
        if (!over) {
            abandon();
            outcome.failed(cause);
        }
    }

    @Override
    public void cancel() {
        if (loop.inEventLoop()) {
            abandon();
        } else {
            loop.execute(this::abandon);
        }
    }

    private void abandon() {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (next != null) {
            next.cancel(false);
        }
        List.copyOf(running).forEach(TcpChannel::close);
        running.clear();
    }
}
