package io.sallyport.agent.dial;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first address of a host that answers, trying them in order until the patience is
 * used up. Lives on one event loop.
 */
public final class TcpDial implements Dialing {
    /** Hears how it went, once, on the dial's loop; not after a {@link #cancel} on that loop. */
    public interface Outcome {
        /** Nothing is read from the connection before somebody asks for it. */
        void connected(TcpChannel channel);

        void failed(DialFault fault);
    }

    private final EventLoop loop;
    private final Target target;
    private final Duration patience;
    private final Outcome outcome;
    private final long endNanos;
    private final ArrayDeque<InetAddress> addresses = new ArrayDeque<>();
    private @Nullable Future<?> deadline;
    private @Nullable TcpChannel attempt;
    private boolean over;

    private TcpDial(EventLoop loop, Target target, Duration patience, Outcome outcome) {
        this.loop = loop;
        this.target = target;
        this.patience = patience;
        this.outcome = outcome;
        endNanos = System.nanoTime() + patience.toNanos();
    }

    /** Begins to connect; may be called on any thread. */
    public static TcpDial start(
            EventLoop loop, Names names, Target target, Duration patience, Outcome outcome) {
        var dial = new TcpDial(loop, target, patience, outcome);
        loop.execute(() -> dial.resolve(names));
        return dial;
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
        if (attempt != null) {
            attempt.close();
            attempt = null;
        }
    }

    private void resolve(Names names) {
        if (over) {
            return;
        }
        deadline = loop.schedule(this::late, patience.toMillis(), TimeUnit.MILLISECONDS);
        names.addressesOf(target.hostPort().host())
                .whenComplete((found, unknown) -> loop.execute(() -> resolved(found, unknown)));
    }

    private void late() {
        fail(
                addresses.isEmpty() && attempt == null
                        ? new DialFault(
                                true,
                                target
                                        + ": its name could not be looked up within "
                                        + inSeconds(patience)
                                        + ": check the name servers of this host")
                        : new DialFault(
                                true, target + " did not answer within " + inSeconds(patience)));
    }

    private void resolved(@Nullable List<InetAddress> found, @Nullable Throwable unknown) {
        if (over) {
            return;
        }
        if (found == null) {
            fail(
                    new DialFault(
                            false,
                            target
                                    + ": the name is not known here: check it, and the name servers"
                                    + " of this host"
                                    + (unknown instanceof RuntimeException
                                            ? " (" + unknown + ")"
                                            : "")));
            return;
        }
        addresses.addAll(found);
        tryNext();
    }

    private void tryNext() {
        InetAddress address = addresses.removeFirst();
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        TcpChannel channel;
        try {
            channel = TcpChannel.open(loop, address);
        } catch (ChannelException noSocket) {
            fail(
                    new DialFault(
                            false,
                            target
                                    + ": no socket could be made: "
                                    + DialFault.rootMessage(noSocket)));
            return;
        }
        attempt = channel;
        // The last one may have all that is left: the deadline ends it.
        int share = addresses.isEmpty() ? 0 : (int) Math.max(1, left / (addresses.size() + 1));
        channel.config().setConnectTimeoutMillis(share);
        var socketAddress = new InetSocketAddress(address, target.hostPort().port());
        loop.register(channel)
                .addListener((ChannelFuture registered) -> {
                    if (registered.isSuccess()) {
                        channel.connect(socketAddress)
                                .addListener((ChannelFuture connected) ->
                                        connected(channel, address, connected.cause()));
                    } else {
                        connected(channel, address, registered.cause());
                    }
                });
    }

    private void connected(TcpChannel channel, InetAddress address, @Nullable Throwable failure) {
        if (over) {
            channel.close();
            return;
        }
        if (failure == null) {
            attempt = null;
            abandon();
            outcome.connected(channel);
            return;
        }
        channel.close();
        if (addresses.isEmpty()) {
            fail(explain(failure, address));
        } else {
            tryNext();
        }
    }

    private void fail(DialFault fault) {
        if (!over) {
            abandon();
            outcome.failed(fault);
        }
    }

    private DialFault explain(Throwable failure, InetAddress address) {
        String name = target.hostPort().host();
        String where =
                target
                        + (address.getHostAddress().equals(name)
                                ? ""
                                : " (" + address.getHostAddress() + ")");
        String message = DialFault.rootMessage(failure);
        if (failure instanceof NoRouteToHostException) {
            return new DialFault(false, where + " can't be reached: no route to host");
        }
        if (failure instanceof ConnectException && message.contains("refused")) {
            return new DialFault(false, where + " refused the connection");
        }
        // Netty puts the address behind the system's own words.
        String words = message.split(": ", 2)[0];
        return new DialFault(false, where + " can't be reached: " + words.toLowerCase(Locale.ROOT));
    }

    private static String inSeconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
