package io.sallyport.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * The far end of every chain. The first byte of a connection says what it does: take all bytes,
 * send bytes until it is closed, answer HTTP requests, or echo. One thread serves those that say
 * little; each of the others has its own, which costs the least for much data.
 */
public final class Origin implements AutoCloseable {
    public static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    public static final byte ECHO = 'E';
    static final byte SINK = 'S';
    static final byte SOURCE = 'R';

    /** The first byte of every GET. */
    private static final byte HTTP = 'G';

    static final ByteBuffer REQUEST = ascii("GET /keep HTTP/1.1\r\nHost: bench\r\n\r\n");
    static final ByteBuffer LAST_REQUEST =
            ascii("GET /last HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n");
    static final ByteBuffer ANSWER =
            ascii(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"
                            + "x".repeat(1024));

    static final int RECEIVE_BYTES = 256 << 10;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final LongAdder received = new LongAdder();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);

    private Origin(ServerSocketChannel listener, Selector selector) {
        this.listener = listener;
        this.selector = selector;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static Origin start() {
        try {
            var listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(LOCAL, 0), 4096).configureBlocking(false);
            var origin = new Origin(listener, Selector.open());
            listener.register(origin.selector, SelectionKey.OP_ACCEPT);
            Thread.ofPlatform().daemon().name("origin").start(origin::serve);
            return origin;
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    /** How many bytes its sinks have taken so far. */
    public long received() {
        return received.sum();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (IOException | ClosedSelectorException | CancelledKeyException closed) {
            // The bench ends.
        }
    }

    private void serve(SelectionKey key) {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        var connection = (SocketChannel) key.channel();
        try {
            int count = connection.read(buffer.clear());
            if (count < 0) {
                connection.close();
            } else if (count > 0) {
                take(key, connection, buffer.flip());
            }
        } catch (IOException reset) {
            close(connection);
        }
    }

    private void accept() {
        try {
            for (var one = listener.accept(); one != null; one = listener.accept()) {
                one.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
                one.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException lostAtOnce) {
            // The peer sees it; the next one is accepted.
        }
    }

    private void take(SelectionKey key, SocketChannel connection, ByteBuffer bytes)
            throws IOException {
        if (key.attachment() == null) {
            key.attach(bytes.get(0));
        }
        switch ((byte) key.attachment()) {
            case SINK -> {
                received.add(bytes.limit());
                handOver(key, connection, () -> sink(connection));
            }
            case SOURCE -> handOver(key, connection, () -> source(connection));
            case HTTP -> answer(connection, bytes);
            default -> connection.write(bytes);
        }
    }

    // Whoever asks waits for the answer, and asks in one segment: a request is never read in parts.
    private static void answer(SocketChannel connection, ByteBuffer request) throws IOException {
        connection.write(ANSWER.duplicate());
        if (request.limit() == LAST_REQUEST.limit()) {
            connection.close();
        }
    }

    private static void handOver(SelectionKey key, SocketChannel connection, Runnable work)
            throws IOException {
        key.cancel();
        connection.configureBlocking(true);
        Thread.ofPlatform().daemon().name("origin-bulk").start(work);
    }

    private void sink(SocketChannel connection) {
        var bytes = ByteBuffer.allocateDirect(RECEIVE_BYTES);
        try (connection) {
            for (int count = 0; count >= 0; count = connection.read(bytes.clear())) {
                received.add(count);
            }
        } catch (IOException reset) {
            // Whoever sends has seen enough.
        }
    }

    private static void source(SocketChannel connection) {
        try (connection) {
            Supply.pour(connection);
        } catch (IOException reset) {
            // Whoever receives has seen enough.
        }
    }

    @Override
    public void close() {
        try (listener;
                selector) {
            if (selector.isOpen()) {
                new ArrayList<>(selector.keys()).forEach(key -> close(key.channel()));
            }
        } catch (IOException alreadyClosed) {
            // Nothing is lost.
        }
    }

    static void close(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception alreadyClosed) {
            // Nothing is lost.
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }
}
