package io.sallyport.gateway.link;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.control.ControlChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One agent, known by the name in its certificate. It outlives its control channels: listeners and
 * waiting partners stay with it while it is away. Used on the core loop only, but to send.
 */
public final class AgentLink {
    private final String name;
    private final Map<ChannelKind, ChannelPool> pools = new EnumMap<>(ChannelKind.class);
    private volatile @Nullable ControlChannel<FromAgent> control;
    private @Nullable OpeningKey openingKey;
    private @Nullable Future<?> graceTimer;
    private Instant since = Instant.now();
    private @Nullable InetSocketAddress address;
    private String software = "";
    private String lastError = "";
    private int roundsWithoutChannel;
    private boolean cameOnce;
    private boolean forwarding;
    private long instance;

    AgentLink(String name, int warmMax, LoopLoads loads) {
        this.name = name;
        for (ChannelKind kind : ChannelKind.values()) {
            pools.put(kind, new ChannelPool(kind, warmMax, System::nanoTime, loads, this::send));
        }
    }

    public String name() {
        return name;
    }

    public boolean isPresent() {
        return control != null;
    }

    /** When the agent came, or when it left. */
    public Instant since() {
        return since;
    }

    /** Where its control channel comes from; empty if that is not known. */
    public String address() {
        return address == null ? "" : Endpoint.of(address).toString();
    }

    @Nullable InetAddress host() {
        return address == null ? null : address.getAddress();
    }

    public String software() {
        return software;
    }

    public String lastError() {
        return lastError;
    }

    public int warmChannels() {
        return pools.values().stream().mapToInt(ChannelPool::warm).sum();
    }

    /** Sends a message if the agent is there; may be called on any thread. */
    public void send(ControlMessage message) {
        var current = control;
        if (current != null) {
            current.send(message);
        }
    }

    /** Has a session wait for a data channel; it may be given one before this returns. */
    public void request(ChannelKind kind, ChannelRequest request) {
        pool(kind).request(request);
    }

    public void cancel(ChannelKind kind, ChannelRequest request) {
        pool(kind).cancel(request);
    }

    /**
     * A control channel of the agent is up.
     *
     * @return whether another process of the agent was here before
     */
    boolean came(
            ControlChannel<FromAgent> control,
            OpeningKey openingKey,
            @Nullable InetSocketAddress address,
            String software,
            long instance) {
        boolean restarted = cameOnce && instance != this.instance;
        cameOnce = true;
        this.instance = instance;
        forwarding = false;
        if (graceTimer != null) {
            graceTimer.cancel(false);
            graceTimer = null;
        }
        pools.values().forEach(ChannelPool::reset);
        this.control = control;
        this.openingKey = openingKey;
        this.address = address;
        this.software = software;
        since = Instant.now();
        roundsWithoutChannel = 0;
        return restarted;
    }

    void left(String why, Future<?> graceTimer) {
        control = null;
        this.graceTimer = graceTimer;
        since = Instant.now();
        lastError = why;
        pools.values().forEach(ChannelPool::reset);
    }

    /** The agent asks for forward sessions: their data channels are kept warm from now on. */
    public void forwards() {
        forwarding = true;
    }

    boolean isForwarding() {
        return forwarding;
    }

    @Nullable ControlChannel<FromAgent> control() {
        return control;
    }

    /** Seals sessions on the plain data channels that the agent brings; null before it came. */
    @Nullable OpeningKey openingKey() {
        return openingKey;
    }

    boolean redeem(ChannelKind kind, Ticket ticket) {
        return pool(kind).redeem(ticket);
    }

    void offered(ChannelKind kind, Offer offer) {
        roundsWithoutChannel = 0;
        pool(kind).offered(offer);
    }

    void returned(ChannelKind kind, Offer offer) {
        pool(kind).returned(offer);
    }

    void gone(ChannelKind kind, Offer offer) {
        pool(kind).gone(offer);
    }

    void dialFailed(ChannelKind kind, Collection<Ticket> tickets, String why) {
        lastError = why;
        pool(kind).failed(tickets);
    }

    /** Asks for data channels of the kinds that the agent's services need. */
    void fill(Collection<ChannelKind> kinds) {
        kinds.forEach(kind -> pool(kind).refill());
    }

    /**
     * Once a second, while the agent is there.
     *
     * @return how often in a row tickets ran out without any channel coming
     */
    int tick(Collection<ChannelKind> kinds) {
        int expired = kinds.stream().mapToInt(kind -> pool(kind).tick()).sum();
        if (expired > 0) {
            roundsWithoutChannel++;
            lastError =
                    expired
                            + " data channels that were asked for did not come within "
                            + Protocol.TICKET_LIFETIME.toSeconds()
                            + " s";
        }
        return roundsWithoutChannel;
    }

    private ChannelPool pool(ChannelKind kind) {
        ChannelPool pool = pools.get(kind);
        if (pool == null) {
            throw new IllegalStateException("no pool for " + kind);
        }
        return pool;
    }
}
