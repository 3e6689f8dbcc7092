package io.sallyport.agent.dial;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tcp.TcpChannel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a gateway and greets it in TLS: its certificate must name the host that was dialed,
 * and it must speak the protocol that the context asks for. Lives on one event loop.
 */
public final class TlsDial implements Dialing {
    private final EventLoop loop;
    private final Target target;
    private final SslContext tls;
    private final TcpDial.Outcome outcome;
    private final long endNanos;
    private final Dialing tcp;
    private @Nullable TcpChannel channel;
    private boolean over;

    private TlsDial(
            EventLoop loop,
            Names names,
            Target target,
            SslContext tls,
            Duration patience,
            TcpDial.Outcome outcome) {
        this.loop = loop;
        this.target = target;
        this.tls = tls;
        this.outcome = outcome;
        endNanos = System.nanoTime() + patience.toNanos();
        tcp = TcpDial.start(loop, names, target, patience, new Connected());
    }

    /**
     * Begins to connect; may be called on any thread.
     *
     * @param patience for everything, from the name to the end of the handshake
     * @param outcome is given the connection when the handshake is done, before anything of the
     *     peer is read
     */
    public static TlsDial start(
            EventLoop loop,
            Names names,
            Target target,
            SslContext tls,
            Duration patience,
            TcpDial.Outcome outcome) {
        return new TlsDial(loop, names, target, tls, patience, outcome);
    }

    @Override
    public void cancel() {
        tcp.cancel();
        loop.execute(() -> {
            over = true;
            if (channel != null) {
                channel.close();
            }
        });
    }

    private final class Connected implements TcpDial.Outcome {
        @Override
        public void connected(TcpChannel connection) {
            if (over) {
                connection.close();
                return;
            }
            channel = connection;
            SslHandler handler =
                    tls.newHandler(
                            connection.alloc(), target.hostPort().host(), target.hostPort().port());
            long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            handler.setHandshakeTimeoutMillis(Math.max(1, left));
            // First who hears of the handshake: it may fail as soon as its handler is added.
            connection
                    .pipeline()
                    .addLast(new TlsGreeting(handler, target, TlsDial.this::greeted))
                    .addFirst(handler);
            // A connection that was gone before that begins no handshake. Two steps later, since
            // the
            // handshake's own account of a loss is better.
            connection
                    .closeFuture()
                    .addListener(_ -> loop.execute(() -> loop.execute(this::goneUntold)));
            connection.config().setAutoRead(true);
        }

        private void goneUntold() {
            finish(TlsFaults.explain(new ClosedChannelException(), target));
        }

        @Override
        public void failed(DialFault fault) {
            finish(fault);
        }
    }

    private void greeted(@Nullable DialFault fault) {
        TcpChannel connection = channel;
        if (connection == null) {
            throw new IllegalStateException("greeted without a connection");
        }
        if (fault != null || over) {
            connection.close();
        }
        if (fault != null) {
            finish(fault);
        } else if (!over) {
            over = true;
            channel = null;
            outcome.connected(connection);
        }
    }

    private void finish(DialFault fault) {
        if (!over) {
            over = true;
            outcome.failed(fault);
        }
    }
}
