package io.sallyport.agent.peer;

import io.sallyport.process.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real server behind the agent, on loopback. */
public final class Origin implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Origin() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Sends back what comes, and ends when the other side does. */
    public static Origin echo() throws IOException {
        return serving(connection -> {
            connection.getInputStream().transferTo(connection.getOutputStream());
            connection.shutdownOutput();
        });
    }

    /** Says something to everyone who comes, and waits for the other side to leave. */
    public static Origin saying(String words) throws IOException {
        return serving(connection -> {
            connection.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    }

    private interface Conversation {
        void hold(Socket connection) throws IOException;
    }

    private static Origin serving(Conversation conversation) throws IOException {
        var origin = new Origin();
        origin.threads.execute(() -> origin.serve(conversation));
        return origin;
    }

    private void serve(Conversation conversation) {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                threads.execute(() -> hold(conversation, connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void hold(Conversation conversation, Socket connection) {
        try (connection) {
            conversation.hold(connection);
        } catch (IOException reset) {
            // The partner went away.
        }
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", server.getLocalPort());
    }

    public Socket accept() throws IOException {
        Socket connection = server.accept();
        connection.setSoTimeout(PATIENCE_MILLIS);
        return connection;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
