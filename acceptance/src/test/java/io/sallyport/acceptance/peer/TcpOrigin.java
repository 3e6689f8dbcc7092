package io.sallyport.acceptance.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An origin that speaks no protocol. One virtual thread per session; each session can be watched
 * while it runs and after.
 */
public final class TcpOrigin implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final BlockingQueue<OriginSession> arrivals = new LinkedBlockingQueue<>();
    private final List<OriginSession> sessions = new CopyOnWriteArrayList<>();

    /** What an origin does with a session. Returns when it is done with it. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(OriginSession session) throws IOException;
    }

    /** How the header of a session is read. */
    @FunctionalInterface
    public interface HeaderReader {
        ProxyHeader read(OriginSession session) throws IOException;
    }

    private TcpOrigin(InetAddress address, int receiveBufferBytes, Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket();
            if (receiveBufferBytes > 0) {
                server.setReceiveBufferSize(receiveBufferBytes);
            }
            server.bind(new InetSocketAddress(address, 0), BACKLOG);
        } catch (IOException cannotListen) {
            throw new UncheckedIOException(cannotListen);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public static TcpOrigin that(Behaviour behaviour) {
        return new TcpOrigin(InetAddress.ofLiteral("127.0.0.1"), 0, behaviour);
    }

    /** Sends back what it gets, as it comes, and ends when the partner ends. */
    public static TcpOrigin echo() {
        return that(OriginSession::echo);
    }

    /** {@link #echo} at an address of its own. */
    public static TcpOrigin echoAt(String address) {
        return new TcpOrigin(InetAddress.ofLiteral(address), 0, OriginSession::echo);
    }

    /** Reads a header first, and then echoes; what comes before the header is a fault. */
    public static TcpOrigin expectingHeader(HeaderReader reader, Consumer<ProxyHeader> seen) {
        return that(session -> {
            seen.accept(reader.read(session));
            session.echo();
        });
    }

    /** Reads to the end, and then neither speaks nor ends. */
    public static TcpOrigin thatStaysSilentAfterTheEnd() {
        return that(session -> {
            session.readToEnd(Pace.EAGER);
            session.awaitClose();
        });
    }

    /** Reads to the end at a pace, and takes next to nothing while it does not read. */
    public static TcpOrigin sinkAt(Pace pace) {
        return new TcpOrigin(
                InetAddress.ofLiteral("127.0.0.1"), 16_384, session -> session.readToEnd(pace));
    }

    /** Reads to the end and says nothing. */
    public static TcpOrigin sink() {
        return that(session -> session.readToEnd(Pace.EAGER));
    }

    /** Reads to the end, and only then sends a payload and ends. */
    public static TcpOrigin answeringAfterTheEnd(Payload answer, Pace pace) {
        return that(session -> {
            session.readToEnd(pace);
            session.send(answer);
        });
    }

    /** Sends a payload to everyone who comes, and ends. */
    public static TcpOrigin source(Payload payload) {
        return that(session -> session.send(payload));
    }

    /** Says a few words to everyone who comes, and ends. */
    public static TcpOrigin saying(String words) {
        return that(session -> session.send(words.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Sends without end to everyone who comes. */
    public static TcpOrigin endlessSource() {
        return that(OriginSession::sendForever);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The next session in the order of arrival; waits for it. */
    public OriginSession nextSession() {
        try {
            OriginSession session = arrivals.poll(20, TimeUnit.SECONDS);
            assertThat(session).as("a session that reaches the origin").isNotNull();
            return Objects.requireNonNull(session);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** How many sessions came so far. */
    public int sessionCount() {
        return sessions.size();
    }

    public List<OriginSession> sessions() {
        return List.copyOf(sessions);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (OriginSession session : sessions) {
                session.close();
            }
        } catch (IOException cannotClose) {
            throw new UncheckedIOException(cannotClose);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                var session = new OriginSession(socket);
                sessions.add(session);
                arrivals.add(session);
                Thread.ofVirtual().start(() -> session.run(behaviour));
            }
        } catch (IOException closed) {
            // The origin was closed: nobody comes any more.
        }
    }
}
