package io.sallyport.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Streams that carry as much as they can, each with a thread of its own, until this is closed. */
public final class Bulk implements AutoCloseable {
    public enum Direction {
        UP,
        DOWN
    }

    private final List<SocketChannel> connections = new ArrayList<>();
    private final LongAdder arrived = new LongAdder();
    private final Origin origin;
    private final Direction direction;

    private Bulk(Origin origin, Direction direction) {
        this.origin = origin;
        this.direction = direction;
    }

    /** Connects all streams to a port that leads to the origin, and lets them run. */
    public static Bulk start(int port, Origin origin, int streams, Direction direction)
            throws IOException {
        var bulk = new Bulk(origin, direction);
        try {
            for (int i = 0; i < streams; i++) {
                var connection =
                        SocketChannel.open(new InetSocketAddress(Origin.LOCAL, port))
                                .setOption(StandardSocketOptions.TCP_NODELAY, true);
                bulk.connections.add(connection);
                Thread.ofPlatform().daemon().name("bulk").start(() -> bulk.run(connection));
            }
            return bulk;
        } catch (IOException cannotConnect) {
            bulk.close();
            throw cannotConnect;
        }
    }

    /** How many bytes have arrived at the other end so far; only differences mean something. */
    public long bytes() {
        return direction == Direction.UP ? origin.received() : arrived.sum();
    }

    private void run(SocketChannel connection) {
        try {
            if (direction == Direction.UP) {
                Supply.pour(connection);
            } else {
                connection.write(ByteBuffer.wrap(new byte[] {Origin.SOURCE}));
                var bytes = ByteBuffer.allocateDirect(Origin.RECEIVE_BYTES);
                for (int count = 0; count >= 0; count = connection.read(bytes.clear())) {
                    arrived.add(count);
                }
            }
        } catch (IOException closed) {
            // The measurement is over, or the stream was cut, which shows in what arrives.
        }
    }

    @Override
    public void close() {
        connections.forEach(Origin::close);
    }
}
