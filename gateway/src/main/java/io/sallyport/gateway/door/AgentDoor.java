package io.sallyport.gateway.door;

import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.link.AgentLinks;
import io.sallyport.process.OperatorException;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The port where agents dial in, for control channels and data channels of both kinds. Used on the
 * core loop only.
 */
public final class AgentDoor {
    private final Loops loops;
    private final AgentLinks links;
    private final HandshakeGate gate;
    private GatewayLimits limits;
    private volatile SslContext tls;
    private @Nullable TcpServerChannel listener;

    public AgentDoor(Loops loops, AgentLinks links, SslContext tls, GatewayLimits limits) {
        this.loops = loops;
        this.links = links;
        this.tls = tls;
        this.limits = limits;
        this.gate =
                new HandshakeGate(loops.core(), limits.handshakes(), limits.handshakesPerAddress());
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
        gate.limit(limits.handshakes(), limits.handshakesPerAddress());
    }

    public int unproved() {
        return gate.size();
    }

    public void close() {
        if (listener != null) {
            listener.close();
        }
    }

    private void accept(TcpChannel connection) {
        var remote = connection.remoteAddress();
        if (remote == null) {
            connection.unsafe().closeForcibly();
            return;
        }
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
        loops.nextData()
                .register(connection)
                .addListener(registered -> {
                    if (!registered.isSuccess()) {
                        connection.close();
                    }
                });
    }
}
