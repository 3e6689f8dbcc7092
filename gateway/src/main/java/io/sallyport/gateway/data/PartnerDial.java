package io.sallyport.gateway.data;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a partner from the address that it is connected to, and from a certain port where
 * that is possible. Used on the core loop only.
 */
final class PartnerDial {
    /** Hears how it went, once, unless the dial was closed. */
    interface Outcome {
        void connected(TcpChannel connection, Endpoint from);

        void failed(String why);
    }

    private final EventLoop core;
    private final Endpoint destination;
    private final Duration patience;
    private final Outcome outcome;
    private @Nullable ChannelFuture connecting;
    private boolean over;

    private PartnerDial(EventLoop core, Endpoint destination, Duration patience, Outcome outcome) {
        this.core = core;
        this.destination = destination;
        this.patience = patience;
        this.outcome = outcome;
    }

    /**
     * @param from its port is 0 for any
     */
    static PartnerDial start(
            EventLoop core,
            Endpoint from,
            Endpoint destination,
            Duration patience,
            Outcome outcome) {
        var dial = new PartnerDial(core, destination, patience, outcome);
        dial.connect(from.address(), from.port());
        return dial;
    }

    private void connect(InetAddress from, int port) {
        connecting =
                new Bootstrap()
                        .group(core)
                        .channelFactory(() -> TcpChannel.open(core, destination.address()))
                        .handler(new ChannelHandlerAdapter() {})
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) Math.max(1, patience.toMillis()))
                        .connect(destination.toSocketAddress(), new InetSocketAddress(from, port));
        connecting.addListener((ChannelFuture done) -> connected(done, from, port));
    }

    private void connected(ChannelFuture done, InetAddress from, int port) {
        var connection = (TcpChannel) done.channel();
        if (over) {
            connection.close();
            return;
        }
        if (done.isSuccess()) {
            over = true;
            outcome.connected(connection, Endpoint.of(connection.localAddress()));
            return;
        }
        connection.close();
        Throwable cause = done.cause();
        if (port != 0 && isAboutTheSourcePort(cause)) {
            connect(from, 0);
            return;
        }
        over = true;
        outcome.failed(
                "the gateway can't connect to partner "
                        + destination
                        + " for its data connection: "
                        + reason(cause));
    }

    /** No right to use it, or another connection to the same place has it. */
    private static boolean isAboutTheSourcePort(@Nullable Throwable cause) {
        return cause instanceof BindException
                || (cause instanceof SocketException
                        && !(cause instanceof ConnectException)
                        && !(cause instanceof NoRouteToHostException));
    }

    private String reason(@Nullable Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "no answer within " + patience.toSeconds() + " s";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        return String.valueOf(cause == null ? null : cause.getMessage());
    }

    /** Gives it up; a second call does nothing. */
    void close() {
        if (!over) {
            over = true;
            if (connecting != null) {
                connecting.channel().close();
            }
        }
    }
}
