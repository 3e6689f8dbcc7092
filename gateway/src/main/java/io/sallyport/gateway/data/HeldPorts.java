package io.sallyport.gateway.data;

import io.netty.channel.EventLoop;
import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.protocol.DataPorts;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A range of ports of one address that listens all the time, for data connections of a service.
 * Used on the core loop only.
 */
final class HeldPorts {
    private final EventLoop core;
    private final InetAddress address;
    private final Consumer<TcpChannel> onAccept;
    private final SortedMap<Integer, TcpServerChannel> open = new TreeMap<>();
    private int generation;

    HeldPorts(EventLoop core, InetAddress address, Consumer<TcpChannel> onAccept) {
        this.core = core;
        this.address = address;
        this.onAccept = onAccept;
    }

    int count() {
        return open.size();
    }

    /**
     * Opens and closes what differs from what is open.
     *
     * @param outcome is told why it failed, or null; if it failed no port is open
     */
    void hold(DataPorts ports, Consumer<@Nullable String> outcome) {
        generation++;
        List.copyOf(open.keySet()).stream()
                .filter(port -> !ports.contains(port))
                .forEach(this::close);
        List<Integer> missing = new ArrayList<>();
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (!open.containsKey(port)) {
                missing.add(port);
            }
        }
        new Opening(generation, missing.size(), outcome).start(missing);
    }

    void close() {
        generation++;
        List.copyOf(open.keySet()).forEach(this::close);
    }

    private void close(int port) {
        TcpServerChannel channel = open.remove(port);
        if (channel != null) {
            channel.close();
        }
    }

    /** The ports that are missing, until each is open or one has failed. */
    private final class Opening {
        private final int begunIn;
        private final Consumer<@Nullable String> outcome;
        private int left;
        private @Nullable String fault;

        Opening(int begunIn, int missing, Consumer<@Nullable String> outcome) {
            this.begunIn = begunIn;
            this.outcome = outcome;
            // One more, so that it can't be over before all were begun.
            left = missing + 1;
        }

        void start(List<Integer> missing) {
            missing.forEach(this::open);
            settle();
        }

        private void open(int port) {
            Acceptor.listen(
                    core,
                    new Endpoint(address, port),
                    onAccept,
                    new Acceptor.Outcome() {
                        @Override
                        public void opened(TcpServerChannel listener, Endpoint bound) {
                            if (generation == begunIn) {
                                open.put(port, listener);
                            } else {
                                listener.close();
                            }
                            settle();
                        }

                        @Override
                        public void failed(String why) {
                            if (fault == null) {
                                fault =
                                        "its data port "
                                                + new Endpoint(address, port)
                                                + " can't be opened: "
                                                + why;
                            }
                            settle();
                        }
                    });
        }

        private void settle() {
            left--;
            if (left > 0) {
                return;
            }
            if (fault != null && generation == begunIn) {
                HeldPorts.this.close();
            }
            outcome.accept(fault);
        }
    }
}
