package io.sallyport.gateway.accept;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.BindException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the core loop and hands on each connection, not yet registered with any loop. */
public final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** How long nothing is accepted when the process has no descriptors left. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Consumer<TcpChannel> onAccept;
    private final Seldom exhausted = new Seldom(Duration.ofMinutes(1));

    private Acceptor(Consumer<TcpChannel> onAccept) {
        this.onAccept = onAccept;
    }

    /** Hears whether a listener could be opened. */
    public interface Outcome {
        void opened(TcpServerChannel listener, Endpoint bound);

        /**
         * @param why one sentence without the address
         */
        void failed(String why);
    }

    /** Opens a listener; the outcome comes on the core loop. */
    public static void listen(
            EventLoop core, Endpoint endpoint, Consumer<TcpChannel> onAccept, Outcome outcome) {
        TcpServerChannel listener;
        try {
            listener = TcpServerChannel.open(core, endpoint.address());
        } catch (RuntimeException noSocket) {
            outcome.failed("no socket could be made: " + rootMessage(noSocket));
            return;
        }
        listener.pipeline().addLast(new Acceptor(onAccept));
        core.register(listener)
                .addListener((ChannelFuture registered) -> {
                    if (!registered.isSuccess()) {
                        listener.close();
                        outcome.failed(explain(registered.cause(), endpoint));
                        return;
                    }
                    listener.bind(endpoint.toSocketAddress())
                            .addListener((ChannelFuture bound) -> {
                                if (bound.isSuccess()) {
                                    outcome.opened(listener, Endpoint.of(listener.localAddress()));
                                } else {
                                    listener.close();
                                    outcome.failed(explain(bound.cause(), endpoint));
                                }
                            });
                });
    }

    /** Why a listener can't be opened, in a sentence without the address. */
    public static String explain(@Nullable Throwable cause, Endpoint endpoint) {
        String message = rootMessage(cause);
        if (cause instanceof BindException && message.contains("in use")) {
            return "the port is in use on the gateway: stop what uses it, or choose another port";
        }
        if (cause instanceof BindException && message.contains("assign")) {
            return "the gateway has no address "
                    + endpoint.address().getHostAddress()
                    + ": choose one of its own, or a wildcard";
        }
        if (cause instanceof SocketException
                && message.contains("Permission denied")
                && endpoint.port() < 1024) {
            return "the gateway's user may not listen on ports below 1024: choose a higher port, or"
                    + " give the process CAP_NET_BIND_SERVICE";
        }
        return message;
    }

    private static String rootMessage(@Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return root == null || root.getMessage() == null ? String.valueOf(root) : root.getMessage();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object connection) {
        // Behind what the core loop was told of without being woken: ends of sessions make room.
        ctx.executor().execute(() -> onAccept.accept((TcpChannel) connection));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Most likely no descriptor is left: a loop that tried again at once would do nothing else.
        ctx.channel().config().setAutoRead(false);
        ctx.executor()
                .schedule(
                        () -> ctx.channel().config().setAutoRead(true),
                        PAUSE.toMillis(),
                        TimeUnit.MILLISECONDS);
        if (exhausted.maySpeak()) {
            LOG.atError()
                    .addKeyValue("listener", ctx.channel().localAddress())
                    .addKeyValue("error", cause.getMessage())
                    .log(
                            "accepting pauses: raise the limit of open files (ulimit -n) if this"
                                    + " lasts");
        }
    }
}
