package io.sallyport.gateway.forward;

import io.netty.channel.EventLoop;
import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.gateway.config.Policy;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.relay.tcp.OnceListener;
import io.sallyport.relay.tcp.TcpChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ports that listen for one partner each, and for nobody else. Used on the core loop only. */
final class OncePorts {
    /** Ports that are tried before it is said that none can be had. */
    private static final int PORTS_TRIED_MAX = 16;

    /** Any port but 0: nothing is sent there. */
    private static final int DISCARD_PORT = 9;

    /** Hears what becomes of a port, on the core loop. */
    interface Observer {
        void onListening(Endpoint bound);

        void onCame(TcpChannel connection, Endpoint partner, Endpoint reached);

        void onRefused(RefusalKind kind, String why);
    }

    private final EventLoop core;
    private final Set<Endpoint> lent = new HashSet<>();
    private final SecureRandom random = new SecureRandom();

    OncePorts(EventLoop core) {
        this.core = core;
    }

    int listening() {
        return lent.size();
    }

    /**
     * Opens a port at the address from which a partner would be reached.
     *
     * @param partners its addresses
     * @return gives it up
     */
    Runnable open(Policy policy, List<InetAddress> partners, Bind asked, Observer observer) {
        InetAddress local;
        try {
            local = addressTowards(partners.getFirst());
        } catch (IOException noRoute) {
            observer.onRefused(
                    RefusalKind.UNREACHABLE, "the gateway has no route to partner " + asked.host());
            return () -> {};
        }
        if (asked.firstPort() < 1
                || asked.firstPort() > asked.lastPort()
                || !policy.allowsListeners(local, asked.firstPort(), asked.lastPort())) {
            observer.onRefused(
                    RefusalKind.NOT_ALLOWED,
                    "the gateway's policy.listeners does not allow %s ports %d-%d"
                            .formatted(
                                    local.getHostAddress(), asked.firstPort(), asked.lastPort()));
            return () -> {};
        }
        var port = new OncePort(local, Set.copyOf(partners), asked, observer);
        port.open();
        return port::close;
    }

    /** The kernel says which address it would use; nothing is sent. */
    private static InetAddress addressTowards(InetAddress partner) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(new InetSocketAddress(partner, DISCARD_PORT));
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        }
    }

    private final class OncePort implements OnceListener.Observer {
        private final InetAddress local;
        private final Set<InetAddress> partners;
        private final Bind asked;
        private final Observer observer;
        private Endpoint endpoint;
        private Runnable closeListener = () -> {};
        private int attempts;
        private boolean triesAgain;
        private boolean closed;

        OncePort(InetAddress local, Set<InetAddress> partners, Bind asked, Observer observer) {
            this.local = local;
            this.partners = partners;
            this.asked = asked;
            this.observer = observer;
            endpoint = new Endpoint(local, asked.firstPort());
        }

        /** Ports are chosen so that strangers can't guess them (RFC 2577, section 8). */
        void open() {
            triesAgain = false;
            int count = asked.lastPort() - asked.firstPort() + 1;
            int begin = random.nextInt(count);
            for (int i = 0; i < count; i++) {
                endpoint = new Endpoint(local, asked.firstPort() + (begin + i) % count);
                if (lent.add(endpoint)) {
                    listen();
                    return;
                }
            }
            observer.onRefused(
                    RefusalKind.NO_PORT,
                    "all ports %d-%d for partners that are awaited are in use: widen forward.bind"
                            .formatted(asked.firstPort(), asked.lastPort()));
        }

        private void listen() {
            attempts++;
            var listener = OnceListener.open(core, endpoint, partners, asked.patience(), this);
            if (!listener.isClosed()) {
                // One that failed at once may have been followed by the next already.
                closeListener = listener::close;
            }
        }

        void close() {
            closed = true;
            closeListener.run();
        }

        @Override
        public void onListening(Endpoint bound) {
            observer.onListening(bound);
        }

        @Override
        public void onFailed(Throwable cause) {
            triesAgain = cause instanceof BindException && attempts < PORTS_TRIED_MAX;
            if (!triesAgain) {
                observer.onRefused(
                        RefusalKind.NO_PORT,
                        "the gateway can't listen on "
                                + endpoint
                                + ": "
                                + Acceptor.explain(cause, endpoint));
            }
        }

        @Override
        public void onConnected(TcpChannel connection, Endpoint partner, Endpoint reached) {
            observer.onCame(connection, partner, reached);
        }

        @Override
        public void onStranger(Endpoint stranger, Endpoint reached) {
            // Reset already; the partner may still come.
        }

        @Override
        public void onTooLate() {
            observer.onRefused(RefusalKind.TIMED_OUT, "the partner did not come in time");
        }

        @Override
        public void onClosed() {
            lent.remove(endpoint);
            if (triesAgain && !closed) {
                open();
            }
        }
    }
}
