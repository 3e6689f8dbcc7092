package io.sallyport.gateway.session;

import io.sallyport.gateway.config.GatewayLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts sessions, and says which limit a new one would break. Used on the core loop only. */
final class SessionLimits {
    private static final int IPV6_HOST_BYTES_FROM = 8;

    private final Map<InetAddress, Integer> sessionsByAddress = new HashMap<>();
    private final Map<InetAddress, Integer> beginsThisSecond = new HashMap<>();
    private final Map<String, Integer> sessionsByService = new HashMap<>();
    private GatewayLimits limits;
    private int sessions;

    SessionLimits(GatewayLimits limits) {
        this.limits = limits;
    }

    void limit(GatewayLimits limits) {
        this.limits = limits;
    }

    int sessions() {
        return sessions;
    }

    /** A second has passed. */
    void tick() {
        beginsThisSecond.clear();
    }

    /**
     * Counts a new session, or says in a few words which limit forbids it.
     *
     * @param service unique among all agents
     * @param serviceMax sessions of the service at once
     */
    @Nullable String begin(InetAddress partner, String service, int serviceMax) {
        InetAddress address = counted(partner);
        if (sessions >= limits.sessions()) {
            return "limits.sessions (" + limits.sessions() + ") is reached";
        }
        if (sessionsByService.getOrDefault(service, 0) >= serviceMax) {
            return "max-sessions of the service (" + serviceMax + ") is reached";
        }
        if (sessionsByAddress.getOrDefault(address, 0) >= limits.sessionsPerAddress()) {
            return "limits.sessions-per-address (" + limits.sessionsPerAddress() + ") is reached";
        }
        if (beginsThisSecond.merge(address, 1, Integer::sum)
                > limits.newSessionsPerSecondPerAddress()) {
            return "limits.new-sessions-per-second-per-address ("
                    + limits.newSessionsPerSecondPerAddress()
                    + ") is reached";
        }
        sessions++;
        sessionsByAddress.merge(address, 1, Integer::sum);
        sessionsByService.merge(service, 1, Integer::sum);
        return null;
    }

    /** Counts a data connection, which is bounded by the session that asked for it otherwise. */
    @Nullable String beginData() {
        if (sessions >= limits.sessions()) {
            return "limits.sessions (" + limits.sessions() + ") is reached";
        }
        sessions++;
        return null;
    }

    void endData() {
        sessions--;
    }

    void end(InetAddress partner, String service) {
        sessions--;
        sessionsByAddress.computeIfPresent(
                counted(partner), (_, count) -> count == 1 ? null : count - 1);
        sessionsByService.computeIfPresent(service, (_, count) -> count == 1 ? null : count - 1);
    }

    /** One host may have all of an IPv6 /64 to itself, so that is what is counted. */
    private static InetAddress counted(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, IPV6_HOST_BYTES_FROM, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
