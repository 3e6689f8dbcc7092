package io.sallyport.agent.config;

import io.sallyport.ftp.Settings.ServerMode;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.HostPort;
import io.sallyport.process.Ports;
import io.sallyport.process.destination.Destinations;
import io.sallyport.process.password.PasswordHash;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How processes inside reach partners.
 *
 * @param allow where they may go; a tunnel's destination is allowed by being written
 * @param bind where the gateway may listen for partners; null: nowhere
 * @param handshakeTimeout how long a process may take to say whom it wants to reach
 * @param connectTimeout how long resolving and connecting may take at the gateway
 */
public record ForwardConfig(
        List<Entry> entries,
        Destinations allow,
        @Nullable Bind bind,
        Duration handshakeTimeout,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration halfCloseTimeout) {
    /** Nothing is offered to anybody. */
    public static final ForwardConfig NONE =
            new ForwardConfig(
                    List.of(),
                    Destinations.NONE,
                    null,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofMinutes(5));

    public ForwardConfig {
        entries = List.copyOf(entries);
    }

    /**
     * Where processes inside come in.
     *
     * @param name as in the configuration: {@code forward.socks}
     * @param users who may use it, and their passwords; empty: everybody
     * @param allow networks whose processes may; empty: all
     */
    public record Entry(
            String name,
            Kind kind,
            Endpoint listen,
            Map<String, PasswordHash> users,
            List<Network> allow,
            int maxSessions) {
        public Entry {
            users = Map.copyOf(users);
            allow = List.copyOf(allow);
        }
    }

    /** What is spoken at an entry. */
    public sealed interface Kind {
        /** Any version of SOCKS. */
        record Socks() implements Kind {}

        /** The HTTP of proxies. */
        record Http() implements Kind {}

        /**
         * FTP with clients that name their server at their login.
         *
         * @param mode who connects to whom for data, on the server's side
         * @param tls towards servers
         * @param authority whose certificate servers must show; null: those that the JDK trusts
         */
        record Ftp(ServerMode mode, ServerTls tls, @Nullable Path authority) implements Kind {}

        /** Nothing: all that comes goes to one destination. */
        record Tunnel(HostPort destination) implements Kind {}
    }

    /**
     * For partners that are to connect back.
     *
     * @param ports of the gateway
     * @param address what they are told instead of the gateway's own: that of the NAT before it
     */
    public record Bind(Ports ports, @Nullable Inet4Address address) {}
}
