package io.sallyport.acceptance.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A partner that speaks no protocol: one TCP connection and everything that can be done with it.
 */
public final class Partner implements AutoCloseable {
    private static final Executor BACKGROUND = Executors.newVirtualThreadPerTaskExecutor();
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration SENDER_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final Socket socket;
    private final boolean resetWhileConnecting;
    private volatile long sentBytes;

    /** How sending in the background ended: whether by a reset. */
    private volatile CompletableFuture<Boolean> sender = CompletableFuture.completedFuture(false);

    private Partner(Socket socket, boolean resetWhileConnecting) {
        this.socket = socket;
        this.resetWhileConnecting = resetWhileConnecting;
    }

    public static Partner connect(int port) {
        return connect(new InetSocketAddress(LOCAL, port), null);
    }

    public static Partner connectFrom(String address, int port) {
        return connect(new InetSocketAddress(LOCAL, port), InetAddress.ofLiteral(address));
    }

    /**
     * @param from the local address to come from; any if null
     */
    public static Partner connect(InetSocketAddress to, @Nullable InetAddress from) {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            if (from != null) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(to, (int) PATIENCE.toMillis());
            return new Partner(socket, false);
        } catch (IOException refused) {
            if (isReset(refused)) {
                return new Partner(socket, true);
            }
            throw new UncheckedIOException("cannot connect to " + to, refused);
        }
    }

    // Java tells a reset that comes within microseconds of the connection as a failure to connect;
    // the connection was taken all the same, and then ended.
    private static boolean isReset(@Nullable Throwable failure) {
        return failure instanceof IOException
                && String.valueOf(failure.getMessage()).startsWith("Connection reset");
    }

    /** Whether what comes in there comes back within two seconds. */
    public static boolean isServed(int port) {
        try (var partner = connect(port).patience(Duration.ofSeconds(2))) {
            partner.echo("served");
            return true;
        } catch (UncheckedIOException | AssertionError notNow) {
            return false;
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public Partner patience(Duration atMost) {
        return unchecked(() -> {
            socket.setSoTimeout((int) atMost.toMillis());
            return this;
        });
    }

    public Partner send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Partner send(byte[] bytes) {
        return unchecked(() -> {
            socket.getOutputStream().write(bytes);
            return this;
        });
    }

    public Partner send(Payload payload) {
        return unchecked(() -> {
            payload.writeTo(socket.getOutputStream());
            return this;
        });
    }

    /** Sends without end, until the connection ends; for tests that end it. */
    public Partner sendForever() {
        var reset = new CompletableFuture<Boolean>();
        sender = reset;
        BACKGROUND.execute(() -> {
            try {
                OutputStream out = socket.getOutputStream();
                byte[] block = new Payload(7, 65_536).toBytes();
                while (true) {
                    out.write(block);
                    count(block.length);
                }
            } catch (IOException ended) {
                reset.complete(isReset(ended));
            }
        });
        return this;
    }

    /** How much {@link #sendForever} has handed to the socket so far. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Sends in the background: for payloads that come back while they are sent. */
    public CompletableFuture<Void> sendAside(Payload payload, boolean thenFinish) {
        CompletableFuture<Void> sent =
                CompletableFuture.runAsync(
                        () -> {
                            send(payload);
                            if (thenFinish) {
                                finish();
                            }
                        },
                        BACKGROUND);
        sender =
                sent.handle((_, failure) ->
                        failure != null
                                && failure.getCause() instanceof UncheckedIOException lost
                                && isReset(lost.getCause()));
        return sent;
    }

    /** No more bytes from this side; the other may go on. */
    public Partner finish() {
        return unchecked(() -> {
            socket.shutdownOutput();
            return this;
        });
    }

    /** Reads exactly so many bytes. */
    public byte[] receive(int count) {
        return unchecked(() -> {
            byte[] bytes = socket.getInputStream().readNBytes(count);
            assertThat(bytes).as("bytes before the connection ended").hasSize(count);
            return bytes;
        });
    }

    public Receipt receiveAll() {
        return receiveAll(Pace.EAGER);
    }

    /** Everything up to an orderly end, as text. */
    public String receiveText() {
        return unchecked(() ->
                new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    public Receipt receiveAll(Pace pace) {
        if (resetWhileConnecting) {
            return Receipt.of(new Receiver(), Ending.RESET);
        }
        Receipt receipt = unchecked(() -> new Receiver().readToEnd(socket.getInputStream(), pace));
        return receipt.ending() == Ending.ORDERLY && senderHeardOfReset()
                ? new Receipt(receipt.bytes(), receipt.sha256(), Ending.RESET)
                : receipt;
    }

    /** Linux tells of a reset once: after a write heard of it, a read finds an orderly end. */
    private boolean senderHeardOfReset() {
        return sender.completeOnTimeout(false, SENDER_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    public CompletableFuture<Receipt> receiveAllAside(Pace pace) {
        return CompletableFuture.supplyAsync(() -> receiveAll(pace), BACKGROUND);
    }

    /** Sends a text and expects the same back. */
    public Partner echo(String text) {
        send(text);
        assertThat(new String(receive(text.length()), StandardCharsets.ISO_8859_1)).isEqualTo(text);
        return this;
    }

    /** Like {@link #echo}, timed. */
    public Duration echoTime(String text) {
        long start = System.nanoTime();
        echo(text);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Ends the connection by a reset, whatever is still on the way. */
    public void reset() {
        unchecked(() -> {
            socket.setSoLinger(true, 0);
            socket.close();
            return this;
        });
    }

    @Override
    public void close() {
        unchecked(() -> {
            socket.close();
            return this;
        });
    }

    // One thread sends, so nothing is lost between load and store.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int more) {
        sentBytes += more;
    }

    private static <T> T unchecked(SocketAction<T> action) {
        try {
            return action.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private interface SocketAction<T> {
        T run() throws IOException;
    }
}
