package io.sallyport.agent.peer;

import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.process.HostPort;
import io.sallyport.process.TlsFiles;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.PlainPreamble;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.ChannelOwner;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import io.sallyport.relay.tcp.Transport;
import io.sallyport.relay.tls.TlsContexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway in the hands of a test: speaks the protocol, and decides nothing by itself. */
public final class FakeGateway implements AutoCloseable {
    /** Seals the sessions on plain data channels. */
    public static final OpeningKey OPENING_KEY = OpeningKey.random();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, Transport.chosen().handlers());
    private final EventLoop core = loops.next();
    private final BlockingQueue<FakeControl> controls = new LinkedBlockingQueue<>();
    private final Map<ChannelKind, BlockingQueue<Offer>> offers =
            Map.of(
                    ChannelKind.ENCRYPTED, new LinkedBlockingQueue<>(),
                    ChannelKind.PLAIN, new LinkedBlockingQueue<>());
    private final Set<TcpChannel> dataChannels = ConcurrentHashMap.newKeySet();
    private final SslContext tls;
    private @Nullable TcpServerChannel listener;
    private int port;

    /** A data channel that the agent offers. */
    public record Offer(ChannelKind kind, Ticket ticket, FramedChannel channel) {
        /** The frame that opens a session on it. */
        public DataFrame named(SessionOpening opening, Ticket next) {
            var open = new Open(opening, next);
            return kind == ChannelKind.PLAIN ? OPENING_KEY.seal(open, ticket) : open;
        }

        /** Sends a frame in the place of the one that opens a session. */
        public void send(DataFrame frame) {
            channel.loop().execute(() -> channel.open(frame, () -> {}));
        }

        /** The gateway needs it no more. */
        public void retire() {
            channel.loop().execute(channel::close);
        }
    }

    public FakeGateway(TlsFiles files) throws Exception {
        tls =
                TlsContexts.server(
                        files.certificate(),
                        files.key(),
                        files.trust(),
                        Protocol.ALPN_CONTROL,
                        Protocol.ALPN_DATA);
        listen();
    }

    /** Listens, after {@link #stopListening} on the same port again. */
    public void listen() throws Exception {
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        var server = TcpServerChannel.open(core, address);
        server.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                                accept((TcpChannel) accepted);
                            }
                        });
        core.register(server).sync();
        ChannelFuture bound = server.bind(new InetSocketAddress(address, port)).sync();
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        listener = server;
    }

    public void stopListening() throws Exception {
        if (listener != null) {
            listener.close().sync();
        }
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    /** The next control channel that said hello. */
    public FakeControl control() throws InterruptedException {
        return poll(controls, "control channel");
    }

    public boolean hasAnotherControl() {
        return !controls.isEmpty();
    }

    /** The next data channel of this kind that the agent offers. */
    public Offer offer(ChannelKind kind) throws InterruptedException {
        return poll(offersOf(kind), kind + " data channel");
    }

    public boolean hasAnotherOffer(ChannelKind kind) {
        return !offersOf(kind).isEmpty();
    }

    private BlockingQueue<Offer> offersOf(ChannelKind kind) {
        return Objects.requireNonNull(offers.get(kind));
    }

    /** Connections that carry data channels now. */
    public int dataChannels() {
        return dataChannels.size();
    }

    public void awaitDataChannels(int count) {
        await().atMost(PATIENCE).until(() -> dataChannels.size() == count);
    }

    /** TLS handshakes that were resumed. */
    public long resumedHandshakes() {
        return ((OpenSslSessionContext) tls.sessionContext()).stats().ticketKeyResume();
    }

    private static <T> T poll(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no " + what + " came");
        }
        return next;
    }

    private void accept(TcpChannel connection) {
        connection
                .pipeline()
                .addLast(
                        new ChannelInitializer<TcpChannel>() {
                            @Override
                            protected void initChannel(TcpChannel channel) {
                                channel.pipeline().addLast(new FirstByte(channel));
                                channel.config().setAutoRead(true);
                            }
                        });
        EventLoop loop = loops.next();
        loop.register(connection);
    }

    private final class FirstByte extends ByteToMessageDecoder {
        private final TcpChannel channel;

        FirstByte(TcpChannel channel) {
            this.channel = channel;
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
                throws ProtocolException {
            if (in.getUnsignedByte(in.readerIndex()) == PlainPreamble.FIRST_BYTE) {
                if (in.readableBytes() >= PlainPreamble.BYTES) {
                    PlainPreamble.decode(in);
                    begin(channel, ChannelKind.PLAIN);
                    ctx.pipeline().remove(this);
                }
                return;
            }
            SslHandler handler = tls.newHandler(ctx.alloc());
            ctx.pipeline().addLast(handler).addLast(new Handshake(channel, handler));
            ctx.pipeline().remove(this);
        }
    }

    private void begin(TcpChannel channel, ChannelKind kind) {
        dataChannels.add(channel);
        channel.closeFuture().addListener(_ -> dataChannels.remove(channel));
        channel.pipeline().addLast(new FramedChannel(channel, kind, new OffersOf(kind)));
    }

    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final TcpChannel channel;
        private final SslHandler handler;

        Handshake(TcpChannel channel, SslHandler handler) {
            this.channel = channel;
            this.handler = handler;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done) || !done.isSuccess()) {
                return;
            }
            if (Protocol.ALPN_CONTROL.equals(handler.applicationProtocol())) {
                FakeControl.install(channel, core, controls);
            } else {
                begin(channel, ChannelKind.ENCRYPTED);
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class OffersOf implements ChannelOwner {
        private final ChannelKind kind;

        OffersOf(ChannelKind kind) {
            this.kind = kind;
        }

        @Override
        public String peer() {
            return "the agent";
        }

        @Override
        public void onReady(FramedChannel channel, Ticket ticket) {
            offersOf(kind).add(new Offer(kind, ticket, channel));
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {}

        @Override
        public void onClosed(FramedChannel channel, String why) {}
    }

    @Override
    public void close() {
        loops.shutdownGracefully(100, 2_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
        ReferenceCountUtil.release(tls);
    }
}
