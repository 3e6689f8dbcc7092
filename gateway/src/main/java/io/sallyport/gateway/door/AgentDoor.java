package io.sallyport.gateway.door;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.link.AgentLinks;
import io.sallyport.process.OperatorException;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import io.sallyport.relay.tcp.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The port where agents dial in, for control channels and data channels of both kinds. Used on the
 * core loop only.
 */
public final class AgentDoor {
    private final Loops loops;
    private final AgentLinks links;
    private final HandshakeGate strangers;
    private final HandshakeGate acquaintances;

    // Strangers' handshakes are work that anyone can cause: it must not come between a session's
    // bytes.
    private final MultiThreadIoEventLoopGroup strangersLoop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("strangers"), Transport.chosen().handlers());
    private GatewayLimits limits;
    private volatile SslContext tls;
    private @Nullable TcpServerChannel listener;

    public AgentDoor(Loops loops, AgentLinks links, SslContext tls, GatewayLimits limits) {
        this.loops = loops;
        this.links = links;
        this.tls = tls;
        this.limits = limits;
        this.strangers =
                new HandshakeGate(loops.core(), limits.handshakes(), limits.handshakesPerAddress());
        this.acquaintances =
                new HandshakeGate(loops.core(), Protocol.TICKETS_MAX, Protocol.TICKETS_MAX);
    }

    /** The address listened on; fails with a sentence if the port can't be opened. */
    public CompletableFuture<Endpoint> open(Endpoint endpoint) {
        var opened = new CompletableFuture<Endpoint>();
        Acceptor.listen(
                loops.core(),
                endpoint,
                this::accept,
                new Acceptor.Outcome() {
                    @Override
                    public void opened(TcpServerChannel channel, Endpoint bound) {
                        listener = channel;
                        opened.complete(bound);
                    }

                    @Override
                    public void failed(String why) {
                        opened.completeExceptionally(
                                new OperatorException("gateway.listen " + endpoint + ": " + why));
                    }
                });
        return opened;
    }

    /** New limits and a new identity, for connections made from now on. */
    public void reload(SslContext tls, GatewayLimits limits) {
        this.tls = tls;
        this.limits = limits;
        strangers.limit(limits.handshakes(), limits.handshakesPerAddress());
    }

    public int unproved() {
        return strangers.size() + acquaintances.size();
    }

    public void close() {
        if (listener != null) {
            listener.close();
        }
    }

    /**
     * Ends the thread that strangers' connections are on; control channels of agents among them.
     */
    public void end() {
        strangersLoop
                .shutdownGracefully(0, 2, TimeUnit.SECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private void accept(TcpChannel connection) {
        var remote = connection.remoteAddress();
        if (remote == null) {
            connection.reset();
            return;
        }
        // Where an agent is known, its data channels come from too, many at once under load.
        boolean known = links.knows(remote.getAddress());
        HandshakeGate gate = known ? acquaintances : strangers;
        gate.admit(connection, remote.getAddress());
        var admission =
                new Admission(
                        links,
                        tls,
                        limits.handshakeTimeout(),
                        () -> loops.core().execute(() -> gate.release(connection)));
        connection
                .pipeline()
                .addLast(
                        new ChannelInitializer<TcpChannel>() {
                            @Override
                            protected void initChannel(TcpChannel channel) {
                                channel.pipeline().addLast(new FirstByte(channel, admission));
                                channel.config().setAutoRead(true);
                            }
                        });
        EventLoop loop = known ? loops.next() : strangersLoop.next();
        loop.register(connection)
                .addListener(registered -> {
                    if (!registered.isSuccess()) {
                        connection.close();
                    }
                });
    }
}
