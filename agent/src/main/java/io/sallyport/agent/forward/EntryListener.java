package io.sallyport.agent.forward;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.sallyport.agent.config.ForwardConfig.Entry;
import io.sallyport.agent.config.ForwardConfig.Kind;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for the clients of one entry. Used on the core loop only. */
final class EntryListener {
    private static final Logger LOG = LoggerFactory.getLogger(EntryListener.class);

    /** How long until a port that could not be had is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** How long nothing is accepted when the process has no descriptors left. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int FTP_PORT = 21;
    private static final int FTPS_PORT = 990;

    private final Forwarding forwarding;
    private final Seldom refusals = new Seldom(Duration.ofSeconds(1));
    private Entry entry;
    private @Nullable TcpServerChannel channel;
    private @Nullable Endpoint bound;
    private @Nullable Future<?> retry;
    private String error = "";
    private int clients;
    private boolean closed;

    EntryListener(Forwarding forwarding, Entry entry) {
        this.forwarding = forwarding;
        this.entry = entry;
    }

    Entry entry() {
        return entry;
    }

    /** For clients that come from now on. */
    void replace(Entry next) {
        entry = next;
    }

    @Nullable Endpoint bound() {
        return bound;
    }

    String error() {
        return error;
    }

    /** Connections of clients that are there, served or not. */
    int clients() {
        return clients;
    }

    void open() {
        TcpServerChannel server;
        try {
            server = TcpServerChannel.open(forwarding.core, entry.listen().address());
        } catch (RuntimeException noSocket) {
            failed(noSocket);
            return;
        }
        channel = server;
        server.pipeline().addLast(new Accepting());
        forwarding
                .core
                .register(server)
                .addListener((ChannelFuture registered) -> {
                    if (!registered.isSuccess()) {
                        failed(registered.cause());
                        return;
                    }
                    server.bind(entry.listen().toSocketAddress())
                            .addListener((ChannelFuture done) -> {
                                if (done.isSuccess()) {
                                    listening(Endpoint.of(server.localAddress()));
                                } else {
                                    server.close();
                                    failed(done.cause());
                                }
                            });
                });
    }

    private void listening(Endpoint at) {
        bound = at;
        error = "";
        LOG.atInfo().addKeyValue("entry", entry.name()).addKeyValue("listen", at).log("entry open");
    }

    private void failed(Throwable cause) {
        if (closed) {
            return;
        }
        String why =
                "the agent can't listen on "
                        + entry.listen()
                        + ": "
                        + String.valueOf(cause.getMessage());
        if (!why.equals(error)) {
            LOG.atError()
                    .addKeyValue("entry", entry.name())
                    .addKeyValue("error", why)
                    .log("entry failed, and is tried again");
        }
        error = why;
        retry = forwarding.core.schedule(this::open, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets nobody in any more; who is there stays. */
    void close() {
        closed = true;
        bound = null;
        if (retry != null) {
            retry.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void accepted(TcpChannel connection) {
        var remote = connection.remoteAddress();
        if (closed || remote == null) {
            connection.reset();
            return;
        }
        String refusal = refusal(remote.getAddress());
        if (refusal != null) {
            connection.reset();
            if (refusals.maySpeak()) {
                LOG.atWarn()
                        .addKeyValue("service", entry.name())
                        .addKeyValue("client", Endpoint.of(remote))
                        .addKeyValue("why", refusal)
                        .addKeyValue("unsaid", refusals.unsaid())
                        .log("client refused");
            }
            return;
        }
        clients++;
        connection.closeFuture().addListener(_ -> forwarding.core.execute(() -> clients--));
        var client = new Client(forwarding, entry, connection, handshake());
        forwarding
                .core
                .register(connection)
                .addListener((ChannelFuture registered) -> {
                    if (registered.isSuccess()) {
                        client.start();
                    } else {
                        connection.reset();
                    }
                });
    }

    private @Nullable String refusal(InetAddress client) {
        if (!entry.allow().isEmpty() && !Network.anyContains(entry.allow(), client)) {
            return "its address is not allowed by the entry";
        }
        return clients >= entry.maxSessions()
                ? "max-sessions of the entry (" + entry.maxSessions() + ") is reached"
                : null;
    }

    private Handshake handshake() {
        boolean wantsPassword = !entry.users().isEmpty();
        return switch (entry.kind()) {
            case Kind.Socks _ -> new SocksHandshake(wantsPassword);
            case Kind.Http _ -> new HttpHandshake(wantsPassword);
            case Kind.Ftp ftp ->
                    new FtpHandshake(
                            wantsPassword, ftp.tls() == ServerTls.IMPLICIT ? FTPS_PORT : FTP_PORT);
            case Kind.Tunnel(var destination) -> new TunnelHandshake(destination);
        };
    }

    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object connection) {
            accepted((TcpChannel) connection);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Most likely no descriptor is left: trying again at once would do nothing else.
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(
                            () -> ctx.channel().config().setAutoRead(true),
                            PAUSE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
