package io.sallyport.client;

import io.sallyport.client.ForwardException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that connects by asking an agent; then it is an ordinary one. */
final class ForwardSocket extends Socket {
    private final ForwardProxy proxy;
    private volatile @Nullable InetSocketAddress partner;
    private volatile @Nullable InetSocketAddress gateway;
    private @Nullable TimedInput answers;
    private @Nullable Handshake handshake;

    ForwardSocket(ForwardProxy proxy) {
        super(Proxy.NO_PROXY);
        this.proxy = proxy;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /**
     * Connects within the time, or within that of the forward proxy if it is 0.
     *
     * @throws ForwardException if there is no connection
     */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        Destination asked = proxy.standIns().named(Destination.of(endpoint));
        ask(Handshake.CONNECT, asked, timeoutMillis);
        partner = new InetSocketAddress(proxy.standIns().addressOf(asked), asked.port());
    }

    /** Asks the agent to do something, and closes this socket if it does not. */
    private void ask(int command, Destination destination, int timeoutMillis) throws IOException {
        long start = System.nanoTime();
        Duration time = timeoutMillis > 0 ? Duration.ofMillis(timeoutMillis) : proxy.timeout();
        try {
            reachAgent(destination, (int) Math.min(time.toMillis(), Integer.MAX_VALUE));
            var input = new TimedInput(this);
            input.waitAtMost(time.minusNanos(System.nanoTime() - start));
            var talk = new Handshake(input, getOutputStream(), destination);
            gateway = talk.request(command, proxy.login());
            input.done();
            answers = input;
            handshake = talk;
        } catch (SocketTimeoutException late) {
            close();
            throw because(late, new ForwardException(Reason.TIMED_OUT, destination.toString()));
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Makes the gateway listen for one connection of that partner. */
    void listenFor(Destination expected) throws IOException {
        ask(Handshake.BIND, expected, 0);
    }

    /**
     * Waits for the partner that the gateway listens for; then this is the connection to it.
     *
     * @throws SocketTimeoutException if it does not come in time
     */
    void awaitPartner(Destination expected, int timeoutMillis) throws IOException {
        TimedInput input = Objects.requireNonNull(answers);
        input.waitAtMost(timeoutMillis > 0 ? Duration.ofMillis(timeoutMillis) : proxy.timeout());
        InetSocketAddress from = Objects.requireNonNull(handshake).reply();
        input.done();
        // A partner that was named is called by the same address as on other sockets.
        partner =
                expected.isAddress() && !from.isUnresolved()
                        ? from
                        : new InetSocketAddress(
                                proxy.standIns().addressOf(expected), from.getPort());
    }

    private void reachAgent(Destination destination, int timeoutMillis) throws IOException {
        InetSocketAddress entry = proxy.entry();
        try {
            if (entry.isUnresolved()) {
                throw new ConnectException("its name is not known");
            }
            super.connect(entry, timeoutMillis);
        } catch (ConnectException | NoRouteToHostException | SocketTimeoutException failure) {
            throw because(
                    failure,
                    new ForwardException(
                            Reason.AGENT_UNREACHABLE,
                            destination.toString(),
                            "the " + proxy + " cannot be reached: " + failure.getMessage()));
        }
    }

    private static ForwardException because(IOException cause, ForwardException told) {
        told.initCause(cause);
        return told;
    }

    /** Where the gateway is for the partner, if the agent told. */
    @Nullable InetSocketAddress gateway() {
        InetSocketAddress told = gateway;
        return told == null || told.isUnresolved() || told.getAddress().isAnyLocalAddress()
                ? null
                : told;
    }

    /** The partner's address; one that only stands for it if only the gateway knows it. */
    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress address = partner;
        return address == null ? super.getInetAddress() : address.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress address = partner;
        return address == null ? super.getPort() : address.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        InetSocketAddress address = partner;
        return address == null ? super.getRemoteSocketAddress() : address;
    }

    /** The gateway's address, as the partner sees it; this host's own if the agent told none. */
    @Override
    public InetAddress getLocalAddress() {
        InetSocketAddress address = gateway();
        return address == null ? super.getLocalAddress() : address.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress address = gateway();
        return address == null ? super.getLocalPort() : address.getPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        InetSocketAddress address = gateway();
        return address == null ? super.getLocalSocketAddress() : address;
    }
}
