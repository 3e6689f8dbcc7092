package io.sallyport.gateway.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY protocol header (version 1 or 2) that a trusted balancer puts before a partner's
 * bytes. What follows the header waits in the partner's leg.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);
    private static final Seldom FAULTS = new Seldom(Duration.ofSeconds(10));
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final TcpChannel connection;
    private final Loops loops;
    private final Endpoint balancer;
    private final Endpoint reached;
    private final BiConsumer<Endpoint, Endpoint> onHeader;
    private boolean done;

    private ProxyHeader(
            TcpChannel connection,
            Loops loops,
            Endpoint balancer,
            Endpoint reached,
            BiConsumer<Endpoint, Endpoint> onHeader) {
        this.connection = connection;
        this.loops = loops;
        this.balancer = balancer;
        this.reached = reached;
        this.onHeader = onHeader;
    }

    /**
     * Reads on a data loop and reports on the core loop: the partner, and the address it reached. A
     * connection without a good header within five seconds is reset.
     */
    static void read(
            TcpChannel connection,
            Loops loops,
            Endpoint balancer,
            Endpoint reached,
            BiConsumer<Endpoint, Endpoint> onHeader) {
        connection
                .pipeline()
                .addLast(new HAProxyMessageDecoder())
                .addLast(new ProxyHeader(connection, loops, balancer, reached, onHeader));
        loops.next().register(connection).addListener(_ -> connection.config().setAutoRead(true));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isRegistered()) {
            watch(ctx);
        }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        watch(ctx);
    }

    private void watch(ChannelHandlerContext ctx) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (!done) {
                                fail("no header came within " + DEADLINE.toSeconds() + " s");
                            }
                        },
                        DEADLINE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!(message instanceof HAProxyMessage header)) {
            ctx.fireChannelRead(message);
            return;
        }
        done = true;
        Endpoint partner;
        Endpoint destination;
        try {
            // LOCAL is the balancer itself, a health check for instance.
            boolean proxied = header.command() == HAProxyCommand.PROXY;
            partner =
                    orElse(
                            proxied ? endpoint(header.sourceAddress(), header.sourcePort()) : null,
                            balancer);
            destination =
                    orElse(
                            proxied
                                    ? endpoint(
                                            header.destinationAddress(), header.destinationPort())
                                    : null,
                            reached);
        } finally {
            header.release();
        }
        connection.config().setAutoRead(false);
        Sessions.partnerLeg(connection, partner);
        ctx.pipeline().remove(this);
        loops.core().execute(() -> onHeader.accept(partner, destination));
    }

    private static Endpoint orElse(@Nullable Endpoint endpoint, Endpoint fallback) {
        return endpoint == null ? fallback : endpoint;
    }

    private static @Nullable Endpoint endpoint(@Nullable String address, int port) {
        return address == null ? null : new Endpoint(InetAddress.ofLiteral(address), port);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        done = true;
    }

    private void fail(String why) {
        done = true;
        connection.close();
        if (FAULTS.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("balancer", balancer)
                    .addKeyValue("listener", reached)
                    .addKeyValue("why", why)
                    .addKeyValue("unsaid", FAULTS.unsaid())
                    .log("PROXY protocol header refused");
        }
    }
}
