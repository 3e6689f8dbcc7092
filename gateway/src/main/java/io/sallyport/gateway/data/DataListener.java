package io.sallyport.gateway.data;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens for one connection from one partner, and resets everyone else. Used on the core loop
 * only.
 */
final class DataListener implements PendingData {
    /** Hears what becomes of it; {@link #onClosed} is the last, and comes always. */
    interface Observer {
        void onListening(Endpoint bound);

        void onFailed(String why, boolean portTaken);

        void onConnected(TcpChannel connection, Endpoint partner, Endpoint reached);

        void onStranger(Endpoint stranger, Endpoint reached);

        void onTooLate();

        void onClosed();
    }

    private final Set<InetAddress> partner;
    private final Observer observer;
    private @Nullable TcpServerChannel channel;
    private @Nullable Future<?> deadline;
    private boolean closed;

    private DataListener(Set<InetAddress> partner, Observer observer) {
        this.partner = partner;
        this.observer = observer;
    }

    /**
     * Opens one; whether it listens is told to the observer.
     *
     * @param partner the addresses that the partner is known by
     */
    static DataListener open(
            EventLoop core,
            Endpoint endpoint,
            Set<InetAddress> partner,
            Duration patience,
            Observer observer) {
        var listener = new DataListener(partner, observer);
        Acceptor.listen(
                core,
                endpoint,
                listener::accepted,
                new Acceptor.Outcome() {
                    @Override
                    public void opened(TcpServerChannel channel, Endpoint bound) {
                        listener.opened(core, channel, bound, patience);
                    }

                    @Override
                    public void failed(String why) {
                        if (!listener.closed) {
                            listener.closed = true;
                            observer.onFailed(why, why.contains("in use"));
                            observer.onClosed();
                        }
                    }
                });
        return listener;
    }

    private void opened(
            EventLoop core, TcpServerChannel channel, Endpoint bound, Duration patience) {
        this.channel = channel;
        if (closed) {
            channel.close();
            return;
        }
        deadline =
                core.schedule(
                        () -> {
                            observer.onTooLate();
                            close();
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        observer.onListening(bound);
    }

    private void accepted(TcpChannel connection) {
        var remote = connection.remoteAddress();
        var local = connection.localAddress();
        if (closed || remote == null || local == null) {
            connection.unsafe().closeForcibly();
        } else if (partner.contains(remote.getAddress())) {
            close();
            observer.onConnected(connection, Endpoint.of(remote), Endpoint.of(local));
        } else {
            connection.unsafe().closeForcibly();
            observer.onStranger(Endpoint.of(remote), Endpoint.of(local));
        }
    }

    @Override
    public boolean isOver() {
        return closed;
    }

    @Override
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
}
