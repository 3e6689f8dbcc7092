package io.sallyport.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.SealedOpen;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.Transport;
import io.sallyport.relay.tls.TlsContexts;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Partner, listener, data channel, origin connection: the way of a session's bytes in one JVM,
 * without control channel and policy. A data channel is dialed for each partner.
 */
final class Chain implements AutoCloseable {
    private static final OpeningKey KEY = OpeningKey.random();

    /** How one of the two relays of a session ended. */
    record Ended(EndReason reason, String why) {}

    /** What the agent puts on the two legs of a session, on their event loop. */
    interface Wrapping {
        default Leg towardsPartner(Leg leg) {
            return leg;
        }

        default Leg towardsOrigin(Leg leg) {
            return leg;
        }
    }

    final BlockingQueue<Ended> endedAtGateway = new LinkedBlockingQueue<>();
    final BlockingQueue<Ended> endedAtAgent = new LinkedBlockingQueue<>();
    final List<TcpChannel> dataChannels = new CopyOnWriteArrayList<>();
    final List<Relay> gatewayRelays = new CopyOnWriteArrayList<>();
    private final MultiThreadIoEventLoopGroup loops;
    private final ConcurrentLinkedDeque<TcpChannel> partnersWaiting = new ConcurrentLinkedDeque<>();
    private final ChannelKind kind;
    private final RelayEngine engine;
    private final RelayTimeouts timeouts;
    private final Wrapping wrapping;
    private final InetSocketAddress origin;
    private final SslContext server;
    private final SslContext client;
    private final InetSocketAddress door;
    private final InetSocketAddress listener;

    Chain(
            Path folder,
            ChannelKind kind,
            RelayEngine engine,
            RelayTimeouts timeouts,
            InetSocketAddress origin)
            throws Exception {
        this(folder, Transport.chosen(), kind, engine, timeouts, origin, new Wrapping() {});
    }

    Chain(
            Path folder,
            Transport transport,
            ChannelKind kind,
            RelayEngine engine,
            RelayTimeouts timeouts,
            InetSocketAddress origin,
            Wrapping wrapping)
            throws Exception {
        loops = new MultiThreadIoEventLoopGroup(2, transport.handlers());
        this.kind = kind;
        this.wrapping = wrapping;
        this.engine = engine;
        this.timeouts = timeouts;
        this.origin = origin;
        var certificates = new Certificates(folder);
        server =
                TlsContexts.server(
                        certificates.gateway,
                        certificates.gatewayKey,
                        certificates.trust,
                        Protocol.ALPN_DATA);
        client =
                TlsContexts.client(
                        certificates.agent,
                        certificates.agentKey,
                        certificates.trust,
                        Protocol.ALPN_DATA);
        door = Listener.open(eventLoop(), this::dataChannelAccepted);
        listener =
                Listener.open(
                        eventLoop(),
                        partner -> {
                            partnersWaiting.add(partner);
                            dial();
                        });
    }

    /** Where partners connect. */
    InetSocketAddress address() {
        return listener;
    }

    private EventLoop eventLoop() {
        return loops.next();
    }

    private static SessionOpening opening(TcpChannel partner) {
        return new SessionOpening(
                SessionId.random(),
                "test",
                Endpoint.of(Objects.requireNonNull(partner.remoteAddress())),
                Endpoint.of(Objects.requireNonNull(partner.localAddress())));
    }

    // ---- the gateway's side

    private void dataChannelAccepted(TcpChannel channel) {
        dataChannels.add(channel);
        // Of the partner whose session was opened before the next one came: later the two could be
        // taken for each other.
        TcpChannel partner = Objects.requireNonNull(partnersWaiting.poll());
        channel.pipeline()
                .addLast(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel unused) {
                                if (kind == ChannelKind.ENCRYPTED) {
                                    channel.pipeline().addLast(server.newHandler(channel.alloc()));
                                }
                                channel.pipeline()
                                        .addLast(
                                                new FramedChannel(
                                                        channel, kind, new GatewaySide(partner)));
                            }
                        });
        eventLoop().register(channel).addListener(_ -> channel.config().setAutoRead(true));
    }

    private final class GatewaySide implements ChannelOwner {
        private final TcpChannel partner;

        GatewaySide(TcpChannel partner) {
            this.partner = partner;
        }

        @Override
        public String peer() {
            return "the agent";
        }

        @Override
        public void onReady(FramedChannel channel, Ticket ticket) {
            joinPartner(
                    partner,
                    channel.loop(),
                    () -> channel.open(named(opening(partner), ticket), () -> {}));
        }

        private DataFrame named(SessionOpening opening, Ticket ticket) {
            var open = new Open(opening, Ticket.random());
            return kind == ChannelKind.PLAIN ? KEY.seal(open, ticket) : open;
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {}

        @Override
        public void onClosed(FramedChannel channel, String why) {}
    }

    private interface Opener {
        Leg open();
    }

    private void joinPartner(TcpChannel partner, EventLoop loop, Opener opener) {
        partner.allowHalfClose();
        var leg = new SocketLeg(partner, EndReason.PARTNER_RESET, () -> "the partner");
        partner.pipeline().addLast(leg);
        loop.register(partner)
                .addListener(_ ->
                        gatewayRelays.add(
                                engine.join(
                                        leg,
                                        opener.open(),
                                        timeouts,
                                        (reason, why) ->
                                                endedAtGateway.add(new Ended(reason, why)))));
    }

    // ---- the agent's side

    private void dial() {
        new Bootstrap()
                .group(loops)
                .channelFactory(() -> TcpChannel.open(eventLoop(), door.getAddress()))
                .handler(
                        new ChannelInitializer<TcpChannel>() {
                            @Override
                            protected void initChannel(TcpChannel channel) {
                                if (kind == ChannelKind.ENCRYPTED) {
                                    initEncrypted(channel);
                                }
                            }
                        })
                .connect(door)
                .addListener((ChannelFuture connected) -> {
                    var channel = (TcpChannel) connected.channel();
                    if (kind == ChannelKind.PLAIN) {
                        beginPlain(channel);
                    }
                    channel.config().setAutoRead(true);
                });
    }

    private void beginPlain(TcpChannel channel) {
        var ticket = Ticket.random();
        var framed = new FramedChannel(channel, kind, new AgentSide(ticket));
        channel.pipeline().addLast(framed);
        framed.offer(ticket);
    }

    private void initEncrypted(TcpChannel channel) {
        var ticket = Ticket.random();
        var framed = new FramedChannel(channel, kind, new AgentSide(ticket));
        channel.pipeline()
                .addLast(client.newHandler(channel.alloc(), "localhost", door.getPort()))
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(
                                    ChannelHandlerContext ctx, Object event) {
                                if (event instanceof SslHandshakeCompletionEvent handshake
                                        && handshake.isSuccess()) {
                                    framed.offer(ticket);
                                }
                            }
                        })
                .addLast(framed);
    }

    private final class AgentSide implements ChannelOwner {
        private final Ticket ticket;

        AgentSide(Ticket ticket) {
            this.ticket = ticket;
        }

        @Override
        public Open unseal(SealedOpen sealed) throws ProtocolException {
            return KEY.open(sealed, ticket);
        }

        @Override
        public String peer() {
            return "the gateway";
        }

        @Override
        public void onOpen(FramedChannel channel, Open open, FramedChannel.FramedLeg leg) {
            leg.confirmOpened();
            connectOrigin(channel.loop(), leg);
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {
            channel.close();
        }

        @Override
        public void onClosed(FramedChannel channel, String why) {}
    }

    private void connectOrigin(EventLoop loop, Leg dataChannel) {
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> TcpChannel.open(loop, origin.getAddress()))
                .handler(
                        new ChannelInitializer<TcpChannel>() {
                            @Override
                            protected void initChannel(TcpChannel channel) {
                                channel.allowHalfClose();
                            }
                        })
                .connect(origin)
                .addListener(
                        (ChannelFutureListener)
                                connected -> {
                                    if (!connected.isSuccess()) {
                                        dataChannel.reset(
                                                EndReason.ORIGIN_REFUSED, "the origin refused");
                                        return;
                                    }
                                    var channel = (TcpChannel) connected.channel();
                                    var leg =
                                            new SocketLeg(
                                                    channel,
                                                    EndReason.ORIGIN_RESET,
                                                    () -> "the origin");
                                    channel.pipeline().addLast(leg);
                                    engine.join(
                                            wrapping.towardsPartner(dataChannel),
                                            wrapping.towardsOrigin(leg),
                                            timeouts,
                                            (reason, why) ->
                                                    endedAtAgent.add(new Ended(reason, why)));
                                });
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        ReferenceCountUtil.release(server);
        ReferenceCountUtil.release(client);
    }
}
