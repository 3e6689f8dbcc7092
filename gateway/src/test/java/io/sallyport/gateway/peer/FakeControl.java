package io.sallyport.gateway.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.Ticket;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A control channel, seen from the agent. Answers pings; tickets and other messages wait until the
 * test asks for them.
 */
public final class FakeControl implements AutoCloseable {
    private static final int SECONDS = 15;

    private final SSLSocket socket;
    private final BlockingQueue<FromGateway> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ticket> tickets = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean deaf;
    private @Nullable OpeningKey openingKey;

    FakeControl(SSLSocket socket) {
        this.socket = socket;
        Thread.ofVirtual().name("fake control").start(this::follow);
    }

    private void follow() {
        try {
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                var frame = new byte[in.readInt()];
                in.readFully(frame);
                receive(ControlCodec.decodeFromGateway(Unpooled.wrappedBuffer(frame)));
            }
        } catch (IOException | ProtocolException ended) {
            closed.countDown();
        }
    }

    private void receive(FromGateway message) throws IOException {
        switch (message) {
            case Ping(var number) when !deaf -> send(new Pong(number));
            case Ping _ -> {}
            case Dial dial -> tickets.addAll(dial.tickets());
            default -> messages.add(message);
        }
    }

    public void send(ControlMessage message) throws IOException {
        ByteBuf frame = Unpooled.buffer().writeInt(0);
        ControlCodec.encode(message, frame);
        frame.setInt(0, frame.readableBytes() - Integer.BYTES);
        synchronized (this) {
            frame.readBytes(socket.getOutputStream(), frame.readableBytes());
        }
    }

    void welcomed() throws InterruptedException {
        openingKey = next(Welcome.class).openingKey();
    }

    /** What opens the names of sessions on plain data channels. */
    public OpeningKey openingKey() {
        return Objects.requireNonNull(openingKey, "only after the welcome");
    }

    /** Publishes services, and returns what became of their listeners. */
    public List<ListenerResult> publish(long revision, ServiceSpec... services) throws Exception {
        send(new Publish(revision, List.of(services)));
        Published answer = next(Published.class);
        if (answer.revision() != revision) {
            throw new AssertionError("expected an answer to " + revision + ", got " + answer);
        }
        return answer.listeners();
    }

    /** The next message, which must be of this type. */
    public <T extends FromGateway> T next(Class<T> type) throws InterruptedException {
        FromGateway message = messages.poll(SECONDS, TimeUnit.SECONDS);
        if (!type.isInstance(message)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", got " + message);
        }
        return type.cast(message);
    }

    public boolean hasAnotherMessage() {
        return !messages.isEmpty();
    }

    /** The next ticket that the gateway issued. */
    public Ticket ticket() throws InterruptedException {
        Ticket ticket = tickets.poll(SECONDS, TimeUnit.SECONDS);
        if (ticket == null) {
            throw new AssertionError("the gateway asked for no data channel");
        }
        return ticket;
    }

    /** Answers no ping from now on. */
    public void fallDeaf() {
        deaf = true;
    }

    public void awaitClosed() throws InterruptedException {
        if (!closed.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway does not close the control channel");
        }
    }

    /** Cuts the connection without a word. */
    @Override
    public void close() {
        FakeAgent.close(socket);
    }
}
