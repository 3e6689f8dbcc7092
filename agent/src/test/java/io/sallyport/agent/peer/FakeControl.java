package io.sallyport.agent.peer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Opened;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.control.ControlChannel;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tls.PeerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A control channel, seen from the gateway. Messages wait until the test asks for them. */
public final class FakeControl implements ControlChannel.Listener<FromAgent> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    private final TcpChannel connection;
    private final BlockingQueue<FakeControl> arrivals;
    private final BlockingQueue<FromAgent> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final CompletableFuture<ControlChannel<FromAgent>> channel = new CompletableFuture<>();

    private FakeControl(TcpChannel connection, BlockingQueue<FakeControl> arrivals) {
        this.connection = connection;
        this.arrivals = arrivals;
    }

    static void install(TcpChannel connection, Executor core, BlockingQueue<FakeControl> arrivals) {
        var control = new FakeControl(connection, arrivals);
        control.channel.complete(
                ControlChannel.install(
                        connection, ControlCodec::decodeFromAgent, HEARTBEAT, core, control));
    }

    @Override
    public void onMessage(FromAgent message) {
        messages.add(message);
        if (message instanceof Hello) {
            arrivals.add(this);
        }
    }

    @Override
    public void onClosed(String why) {
        closed.complete(why);
    }

    /** The name in the agent's certificate. */
    public String agent() throws SSLPeerUnverifiedException {
        return PeerName.of(connection.pipeline().get(SslHandler.class).engine().getSession());
    }

    public void send(ControlMessage message) {
        channel.join().send(message);
    }

    /** The next message, which must be of this type. */
    public <T extends FromAgent> T next(Class<T> type) throws InterruptedException {
        FromAgent message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!type.isInstance(message)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", got " + message);
        }
        return type.cast(message);
    }

    public boolean hasAnotherMessage() {
        return !messages.isEmpty();
    }

    /** Takes the hello, and welcomes the agent. */
    public void welcome() throws InterruptedException {
        next(Hello.class);
        send(new Welcome(0, "dmz-1", "fake/1", FakeGateway.OPENING_KEY));
    }

    /** Welcomes the agent, and opens every listener that it asks for. */
    public Publish welcomeAndPublish() throws InterruptedException {
        welcome();
        Publish document = next(Publish.class);
        List<ListenerResult> opened = new ArrayList<>();
        for (var service : document.services()) {
            service.listeners()
                    .forEach(
                            listener -> opened.add(new Opened(service.name(), listener, listener)));
        }
        send(new Published(document.revision(), opened));
        return document;
    }

    /** Asks for data channels. */
    public List<Ticket> dial(ChannelKind kind, int count) {
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tickets.add(Ticket.random());
        }
        send(new Dial(kind, tickets));
        return tickets;
    }

    public void goodbye(CloseReason reason, String why, Duration retryAfter) {
        channel.join().close(reason, why, retryAfter);
    }

    /** Resets the connection. */
    public void cut() {
        connection.close();
    }

    /** Stops answering, and keeps the connection. */
    public void fallSilent() {
        connection
                .pipeline()
                .addFirst(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object bytes) {
                                ReferenceCountUtil.release(bytes);
                            }
                        });
    }

    public void awaitClosed() {
        closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
