package io.sallyport.agent.ftp;

import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.ForwardConfig.Bind;
import io.sallyport.agent.config.ForwardConfig.Kind.Ftp;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.Arrival;
import io.sallyport.ftp.Settings;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tls.FtpsClient;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Follows the FTP of a client inside whose server, the partner, is connected. */
public final class ForwardFtp {
    /**
     * What the client asked for, and how partners are spoken to.
     *
     * @param destination the server as the client named it, with its port
     * @param host the same without the port
     * @param arrival what the client has said already
     */
    public record Asked(
            Ftp ftp, ForwardConfig config, String destination, String host, Arrival arrival) {}

    private final FtpCourse.Surroundings surroundings;
    private final @Nullable FtpsClient tls;
    private final Asked asked;
    private final SessionOpening opening;
    private final SessionChannel channel;

    ForwardFtp(
            FtpCourse.Surroundings surroundings,
            @Nullable FtpsClient tls,
            Asked asked,
            SessionOpening opening,
            SessionChannel channel) {
        this.surroundings = surroundings;
        this.tls = tls;
        this.asked = asked;
        this.opening = opening;
        this.channel = channel;
    }

    /** Begins the conversation between the two. Called on the loop of both. */
    public Relay carry(
            Leg partner,
            TcpChannel client,
            Leg clientLeg,
            RelayTimeouts timeouts,
            RelayObserver observer) {
        InetAddress inside = addressOf(client.remoteAddress());
        Bind bind = asked.config().bind();
        Duration patience = asked.config().connectTimeout();
        return FtpControl.begin(
                surroundings,
                new DataConnections.Beside(
                        opening.session(),
                        channel,
                        Direction.FORWARD,
                        asked.destination(),
                        bind == null ? null : bind.ports(),
                        addressOf(client.localAddress()),
                        inside,
                        patience),
                opening,
                settings(inside),
                FtpSecurity.ofForward(opening, asked.ftp().tls(), tls, asked.host(), patience),
                clientLeg,
                partner,
                announced(bind),
                timeouts,
                observer);
    }

    private Settings settings(InetAddress client) {
        return new Settings(
                Settings.ClientTls.NONE,
                asked.ftp().tls(),
                client,
                client instanceof Inet4Address,
                opening.partner().address(),
                asked.ftp().mode(),
                false,
                asked.arrival());
    }

    /** Where a partner is told to connect. */
    private InetAddress announced(@Nullable Bind bind) {
        InetAddress own = opening.reached().address();
        return bind != null && bind.address() != null && own instanceof Inet4Address
                ? bind.address()
                : own;
    }

    private static InetAddress addressOf(@Nullable InetSocketAddress address) {
        return Objects.requireNonNull(address, "connected a moment ago").getAddress();
    }
}
