package io.sallyport.acceptance.product;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a running process says of itself on its status socket. */
public record Status(Map<String, @Nullable Object> values) {

    /** Asks as {@code sallyport status --json} does, without the cost of starting it. */
    public static Status ask(Path socket) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("json\n".getBytes(StandardCharsets.US_ASCII)));
            var answer = new ByteArrayOutputStream();
            var buffer = ByteBuffer.allocate(65_536);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return new Status(Json.object(answer.toString(StandardCharsets.UTF_8)));
        } catch (IOException noAnswer) {
            throw new UncheckedIOException("no status from " + socket, noAnswer);
        }
    }

    public int sessions() {
        return values.get(Words.STATUS_SESSIONS) instanceof Number count
                ? count.intValue()
                : table(Words.STATUS_SESSIONS).size();
    }

    /** Data channels that wait for a session; 0 if the process does not count them. */
    public int warmChannels() {
        return values.get(Words.STATUS_IDLE_CHANNELS) instanceof Number count
                ? count.intValue()
                : 0;
    }

    /** What all running sessions have taken from their partners so far. */
    public long bytesFromPartners() {
        return table(Words.STATUS_SESSIONS).stream()
                .mapToLong(session -> Long.parseLong(session.get(Words.BYTES_FROM_PARTNER)))
                .sum();
    }

    public List<Listener> listeners() {
        return table(Words.STATUS_LISTENERS).stream().map(Listener::of).toList();
    }

    /** The rows of a table; empty if there is no such table. */
    public List<Map<String, String>> table(String name) {
        if (!(values.get(name) instanceof List<?> rows)) {
            return List.of();
        }
        return rows.stream().map(Status::row).toList();
    }

    private static Map<String, String> row(Object row) {
        return ((Map<?, ?>) row)
                .entrySet().stream()
                        .filter(cell -> cell.getValue() != null)
                        .collect(
                                Collectors.toMap(
                                        cell -> String.valueOf(cell.getKey()),
                                        cell -> String.valueOf(cell.getValue())));
    }

    /**
     * One listener of one service.
     *
     * @param bound where the gateway listens; empty if it does not
     * @param error why it does not; empty if it does
     */
    public record Listener(
            String service, String requested, String bound, String state, String error) {
        static Listener of(Map<String, String> row) {
            return new Listener(
                    row.getOrDefault(Words.SERVICE, ""),
                    row.getOrDefault(Words.LISTENER_REQUESTED, ""),
                    row.getOrDefault(Words.LISTENER_BOUND, ""),
                    row.getOrDefault(Words.LISTENER_STATE, ""),
                    row.getOrDefault(Words.LISTENER_ERROR, ""));
        }

        public boolean isOpen() {
            return state.equals(Words.LISTENER_IS_OPEN);
        }

        public int port() {
            return Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1));
        }
    }
}
