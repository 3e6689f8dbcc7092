package io.sallyport.gateway.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.DataFrameDecoder;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A data channel, seen from the agent. Frames wait until the test asks for them. */
public final class FakeChannel implements AutoCloseable {
    private static final int SECONDS = 15;

    private final Socket socket;
    private final BlockingQueue<DataFrame> frames = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    FakeChannel(Socket socket) {
        this.socket = socket;
        Thread.ofVirtual().name("fake channel").start(this::follow);
    }

    private void follow() {
        var decoder = new DataFrameDecoder();
        var buffer = new byte[4_096];
        try {
            int count = socket.getInputStream().read(buffer);
            while (count >= 0) {
                decoder.feed(Unpooled.copiedBuffer(buffer, 0, count), frames::add);
                count = socket.getInputStream().read(buffer);
            }
        } catch (IOException | ProtocolException ended) {
            // Told below, as an orderly end is.
        }
        closed.countDown();
    }

    /** Offers the channel for a session. */
    public void offer(Ticket ticket) throws IOException {
        send(new Ready(ticket));
    }

    public void send(DataFrame frame) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        DataFrameCodec.encode(frame, bytes);
        bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
    }

    /** Waits for the gateway to name a session, and says that its origin is connected. */
    public SessionOpening open() throws Exception {
        SessionOpening opening = next(Open.class).opening();
        send(new Opened());
        return opening;
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends bytes of the session in one frame. */
    public void send(byte[] data) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        DataFrameCodec.dataHeader(bytes, data.length);
        bytes.writeBytes(data);
        bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
    }

    /** What came of the partner's bytes in the next frame. */
    public String receive() throws InterruptedException {
        return next(Data.class).bytes().toString(StandardCharsets.US_ASCII);
    }

    /** The next frame, which must be of this type. */
    public <T extends DataFrame> T next(Class<T> type) throws InterruptedException {
        DataFrame frame = frames.poll(SECONDS, TimeUnit.SECONDS);
        if (!type.isInstance(frame)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", got " + frame);
        }
        return type.cast(frame);
    }

    public void awaitClosed() throws InterruptedException {
        if (!closed.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway does not close the data channel");
        }
    }

    public boolean isOpen() {
        return closed.getCount() > 0;
    }

    @Override
    public void close() {
        FakeAgent.close(socket);
    }
}
