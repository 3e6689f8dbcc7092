package io.sallyport.bench.soak;

import io.sallyport.bench.load.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Takes part in conversations as the partners' first bytes say. */
final class SoakOrigin implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Findings findings;

    SoakOrigin(Findings findings) {
        this.findings = findings;
        try {
            listener =
                    ServerSocketChannel.open().bind(new InetSocketAddress(Origin.LOCAL, 0), 4096);
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
        Thread.ofPlatform().daemon().name("soak-origin").start(this::accept);
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                Thread.ofVirtual().start(() -> converse(connection));
            }
        } catch (IOException closed) {
            // The soak is over.
        }
    }

    private void converse(SocketChannel connection) {
        try (connection) {
            var header = ByteBuffer.allocate(Conversation.HEADER_BYTES);
            while (header.hasRemaining()) {
                if (connection.read(header) < 0) {
                    if (header.position() > 0) {
                        findings.damage("origin: an orderly end within the first bytes");
                    }
                    return;
                }
            }
            Side.ofOrigin(connection, Conversation.read(header.flip())).run();
        } catch (Side.Damage damage) {
            findings.damage("origin: " + damage.getMessage());
        } catch (IOException reset) {
            // The partner knows whether that may be.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
