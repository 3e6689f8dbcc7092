package io.sallyport.relay.tcp;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.protocol.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens for one connection from one peer, and resets everyone else. Lives on one event loop, and
 * is called on it only.
 */
public final class OnceListener {
    /** Hears what becomes of it, on its loop; {@link #onClosed} is the last, and comes always. */
    public interface Observer {
        void onListening(Endpoint bound);

        void onFailed(Throwable cause);

        /** The connection is not registered with any loop yet. */
        void onConnected(TcpChannel connection, Endpoint peer, Endpoint reached);

        void onStranger(Endpoint stranger, Endpoint reached);

        void onTooLate();

        default void onClosed() {}
    }

    private final EventLoop loop;
    private final Set<InetAddress> peers;
    private final Duration patience;
    private final Observer observer;
    private @Nullable TcpServerChannel channel;
    private @Nullable Future<?> deadline;
    private boolean closed;

    private OnceListener(
            EventLoop loop, Set<InetAddress> peers, Duration patience, Observer observer) {
        this.loop = loop;
        this.peers = peers;
        this.patience = patience;
        this.observer = observer;
    }

    /**
     * Opens one. Whether it listens is told to the observer, perhaps before this returns.
     *
     * @param endpoint port 0 takes a free one
     * @param peers the addresses that the one peer is known by
     * @param patience how long the peer may take
     */
    public static OnceListener open(
            EventLoop loop,
            Endpoint endpoint,
            Set<InetAddress> peers,
            Duration patience,
            Observer observer) {
        var listener = new OnceListener(loop, peers, patience, observer);
        listener.bind(endpoint);
        return listener;
    }

    private void bind(Endpoint endpoint) {
        TcpServerChannel server;
        try {
            server = TcpServerChannel.open(loop, endpoint.address());
        } catch (RuntimeException noSocket) {
            failed(noSocket);
            return;
        }
        channel = server;
        server.pipeline().addLast(new Accepting());
        loop.register(server)
                .addListener((ChannelFuture registered) -> {
                    if (!registered.isSuccess()) {
                        failed(registered.cause());
                        return;
                    }
                    server.bind(endpoint.toSocketAddress())
                            .addListener((ChannelFuture bound) -> {
                                if (bound.isSuccess()) {
                                    listening(server);
                                } else {
                                    failed(bound.cause());
                                }
                            });
                });
    }

    private void listening(TcpServerChannel server) {
        if (closed) {
            return;
        }
        deadline =
                loop.schedule(
                        () -> {
                            observer.onTooLate();
                            close();
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        observer.onListening(Endpoint.of(server.localAddress()));
    }

    private void failed(Throwable cause) {
        if (!closed) {
            observer.onFailed(cause);
            close();
        }
    }

    private void accepted(TcpChannel connection) {
        var remote = connection.remoteAddress();
        var local = connection.localAddress();
        if (closed || remote == null || local == null) {
            connection.reset();
        } else if (peers.contains(remote.getAddress())) {
            close();
            observer.onConnected(connection, Endpoint.of(remote), Endpoint.of(local));
        } else {
            connection.reset();
            observer.onStranger(Endpoint.of(remote), Endpoint.of(local));
        }
    }

    /** Whether it has taken its connection, failed, or was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** A second call does nothing. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
        observer.onClosed();
    }

    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object connection) {
            accepted((TcpChannel) connection);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // No descriptor was left for what came: as good as a peer that comes too late.
            failed(cause);
        }
    }
}
