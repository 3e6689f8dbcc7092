package io.sallyport.agent;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a name or an address. A name is resolved anew each time, off the loop, and its
 * addresses are tried in order.
 */
public final class Dialer {
    private Dialer() {}

    /** Hears how it went, once, on the loop. */
    public interface Outcome {
        void connected(TcpChannel channel);

        void failed(Failure failure);
    }

    /**
     * @param reason what it means for a session whose origin can't be reached
     * @param what the rest of a sentence that begins with the target: {@code refused the
     *     connection}
     */
    public record Failure(EndReason reason, String what) {}

    /**
     * Connects within the time allowed, resolving included.
     *
     * @param initialize prepares the channel's pipeline before it connects
     */
    public static void connect(
            HostPort target,
            EventLoop loop,
            Duration allowed,
            Consumer<TcpChannel> initialize,
            Outcome outcome) {
        new Attempt(target, loop, allowed, initialize, outcome).start();
    }

    private static final class Attempt {
        private final HostPort target;
        private final EventLoop loop;
        private final Duration allowed;
        private final long beganNanos = System.nanoTime();
        private final Consumer<TcpChannel> initialize;
        private final Outcome outcome;
        private boolean done;

        Attempt(
                HostPort target,
                EventLoop loop,
                Duration allowed,
                Consumer<TcpChannel> initialize,
                Outcome outcome) {
            this.target = target;
            this.loop = loop;
            this.allowed = allowed;
            this.initialize = initialize;
            this.outcome = outcome;
        }

        void start() {
            InetAddress literal = literal(target.host());
            if (literal != null) {
                loop.execute(() -> connect(List.of(literal)));
                return;
            }
            loop.schedule(
                    () ->
                            fail(
                                    EndReason.ORIGIN_TIMEOUT,
                                    "could not be resolved within " + allowed.toMillis() + " ms"),
                    allowed.toMillis(),
                    TimeUnit.MILLISECONDS);
            Thread.ofVirtual()
                    .name("resolve " + target.host())
                    .start(() -> {
                        try {
                            List<InetAddress> addresses =
                                    List.of(InetAddress.getAllByName(target.host()));
                            loop.execute(() -> connect(addresses));
                        } catch (UnknownHostException unknown) {
                            loop.execute(() ->
                                    fail(
                                            EndReason.ORIGIN_REFUSED,
                                            "is not a name that can be resolved"));
                        }
                    });
        }

        private static @Nullable InetAddress literal(String host) {
            try {
                return InetAddress.ofLiteral(host);
            } catch (IllegalArgumentException name) {
                return null;
            }
        }

        private void connect(List<InetAddress> addresses) {
            Duration left = allowed.minusNanos(System.nanoTime() - beganNanos);
            if (done || !left.isPositive()) {
                return;
            }
            int timeoutMillis = (int) Math.max(1, left.toMillis() / addresses.size());
            new Bootstrap()
                    .group(loop)
                    .channel(TcpChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(
                            new ChannelInitializer<TcpChannel>() {
                                @Override
                                protected void initChannel(TcpChannel channel) {
                                    initialize.accept(channel);
                                }
                            })
                    .connect(new InetSocketAddress(addresses.getFirst(), target.port()))
                    .addListener((ChannelFuture connecting) -> {
                        if (connecting.isSuccess()) {
                            succeed((TcpChannel) connecting.channel());
                        } else if (addresses.size() > 1) {
                            connect(addresses.subList(1, addresses.size()));
                        } else {
                            explain(connecting.cause());
                        }
                    });
        }

        private void explain(@Nullable Throwable cause) {
            switch (cause) {
                case ConnectTimeoutException _ ->
                        fail(
                                EndReason.ORIGIN_TIMEOUT,
                                "did not answer within " + allowed.toMillis() + " ms");
                case NoRouteToHostException _ ->
                        fail(EndReason.ORIGIN_REFUSED, "can't be reached: no route to host");
                case ConnectException refused
                        when String.valueOf(refused.getMessage()).contains("refused") ->
                        fail(EndReason.ORIGIN_REFUSED, "refused the connection");
                case null, default ->
                        fail(EndReason.ORIGIN_REFUSED, "can't be reached: " + message(cause));
            }
        }

        private static String message(@Nullable Throwable cause) {
            return cause == null || cause.getMessage() == null
                    ? String.valueOf(cause)
                    : cause.getMessage();
        }

        private void succeed(TcpChannel channel) {
            if (done) {
                channel.close();
            } else {
                done = true;
                outcome.connected(channel);
            }
        }

        private void fail(EndReason reason, String what) {
            if (!done) {
                done = true;
                outcome.failed(new Failure(reason, what));
            }
        }
    }
}
