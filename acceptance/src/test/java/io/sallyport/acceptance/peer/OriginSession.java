package io.sallyport.acceptance.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One session as an origin sees it. */
public final class OriginSession implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SILENCE_MAX = Duration.ofMinutes(10);

    private final Socket socket;
    private final Receiver receiver = new Receiver();
    private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long sentBytes;

    OriginSession(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) SILENCE_MAX.toMillis());
    }

    /** How much has arrived so far, if the origin reads by {@link #readToEnd}. */
    public long receivedBytes() {
        return receiver.bytes();
    }

    /** How much this side has handed to its socket so far. */
    public long sentBytes() {
        return sentBytes;
    }

    /** What arrived, once the partner's direction has ended. */
    public Receipt receipt() {
        try {
            return receipt.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException still) {
            throw new AssertionError(
                    "the origin's session goes on after " + receivedBytes() + " bytes", still);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    public boolean hasEnded() {
        return receipt.isDone();
    }

    public Receipt readToEnd(Pace pace) throws IOException {
        Receipt received = receiver.readToEnd(socket.getInputStream(), pace);
        receipt.complete(received);
        return received;
    }

    /** Reads exactly so many bytes as text. */
    public String read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        assertThat(bytes).as("bytes before the connection ended").hasSize(count);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads one byte; -1 at the end. */
    public int readByte() throws IOException {
        return socket.getInputStream().read();
    }

    public void send(Payload payload) throws IOException {
        payload.writeTo(socket.getOutputStream());
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        count(bytes.length);
    }

    /** Sends until the connection ends. */
    public void sendForever() throws IOException {
        byte[] block = new Payload(7, 65_536).toBytes();
        while (true) {
            send(block);
        }
    }

    void echo() throws IOException {
        byte[] buffer = new byte[4_096];
        int count = socket.getInputStream().read(buffer);
        while (count >= 0) {
            socket.getOutputStream().write(buffer, 0, count);
            count = socket.getInputStream().read(buffer);
        }
    }

    /** Waits until the test closes the origin. */
    void awaitClose() throws IOException {
        try {
            closed.await();
        } catch (InterruptedException interrupted) {
            throw new InterruptedIOException();
        }
    }

    /** Ends the connection by a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException cannotClose) {
            throw new UncheckedIOException(cannotClose);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }

    void run(TcpOrigin.Behaviour behaviour) {
        try (this) {
            behaviour.serve(this);
        } catch (IOException ended) {
            receipt.complete(Receipt.of(receiver, Ending.RESET));
        } finally {
            receipt.complete(Receipt.of(receiver, Ending.ORDERLY));
        }
    }

    // One thread sends, so nothing is lost between load and store.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int more) {
        sentBytes += more;
    }
}
