package io.sallyport.agent.ftp;

import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls.Ended;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.tls.FtpsClient;
import io.sallyport.relay.tls.FtpsSession;
import io.sallyport.relay.tls.TlsEngine;
import io.sallyport.relay.tls.TlsLeg;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one FTP session on both its sides. Whether data connections carry it is set on the
 * session's loop and asked on those of the data connections.
 */
final class FtpSecurity implements DataCourse.Protection {
    /**
     * A client begins TLS on a data connection when the origin has said that the transfer begins,
     * which may take it a while.
     */
    private static final Duration DATA_PATIENCE = Duration.ofMinutes(2);

    private final Direction direction;
    private final String partner;
    private final @Nullable Ended ended;
    private final @Nullable FtpsSession clientSession;
    private final ServerTls serverTls;
    private final @Nullable FtpsSession serverSession;
    private final Duration patience;
    private volatile boolean dataProtected;

    private FtpSecurity(
            Direction direction,
            SessionOpening opening,
            @Nullable Ended ended,
            @Nullable FtpsSession clientSession,
            ServerTls serverTls,
            @Nullable FtpsSession serverSession,
            Duration patience) {
        this.direction = direction;
        partner = "partner " + opening.partner();
        this.ended = ended;
        this.clientSession = clientSession;
        this.serverTls = serverTls;
        this.serverSession = serverSession;
        this.patience = patience;
        dataProtected = ended != null && ended.start() == Ended.Start.IMPLICIT;
    }

    /** For a service: its partner is the client. */
    static FtpSecurity ofService(
            SessionOpening opening, FtpConfig ftp, FtpTls tls, Duration patience) {
        return new FtpSecurity(
                Direction.REVERSE,
                opening,
                ftp.tls() instanceof Ended one ? one : null,
                tls.partners() == null ? null : tls.partners().newSession(),
                serverTls(ftp.originTls()),
                tls.origin() == null || ftp.originTls() == null
                        ? null
                        : tls.origin().newSession(ftp.originTls().name()),
                patience);
    }

    static ServerTls serverTls(FtpConfig.@Nullable OriginTls tls) {
        return tls == null
                ? ServerTls.NONE
                : switch (tls.mode()) {
                    case EXPLICIT -> ServerTls.EXPLICIT;
                    case IMPLICIT -> ServerTls.IMPLICIT;
                };
    }

    /**
     * For a client inside, who speaks no TLS: the partner is the server.
     *
     * @param client null for a partner without TLS
     * @param host whose certificate the partner must show
     */
    static FtpSecurity ofForward(
            SessionOpening opening,
            ServerTls tls,
            @Nullable FtpsClient client,
            String host,
            Duration patience) {
        return new FtpSecurity(
                Direction.FORWARD,
                opening,
                null,
                null,
                tls,
                client == null ? null : client.newSession(host),
                patience);
    }

    void protectData(boolean protect) {
        dataProtected = protect;
    }

    /** The leg of the client's control connection; TLS may begin on it later. */
    Leg controlToClient(Leg leg) {
        if (clientSession == null || ended == null) {
            return leg;
        }
        var secured = new TlsLeg(leg, direction.clientReset(), partner);
        secured.acceptEndWithoutCloseNotify();
        if (ended.start() == Ended.Start.IMPLICIT) {
            secured.startTls(clientSession.newEngine(), patience, () -> {});
        }
        return secured;
    }

    Leg controlToServer(Leg leg) {
        if (serverSession == null) {
            return leg;
        }
        var secured = new TlsLeg(leg, direction.serverReset(), server());
        // vsftpd says 221 and closes: the reply has to arrive, and no file can look whole by it.
        secured.acceptEndWithoutCloseNotify();
        if (serverTls == ServerTls.IMPLICIT) {
            secured.startTls(serverSession.newEngine(), patience, () -> {});
        }
        return secured;
    }

    private String server() {
        return direction == Direction.REVERSE ? "origin" : partner;
    }

    /** TLS begins on the client's control connection. */
    void startClient(Leg leg, Runnable onSecured) {
        if (leg instanceof TlsLeg secured && clientSession != null) {
            secured.startTls(clientSession.newEngine(), patience, onSecured);
        }
    }

    /** TLS begins on the control connection to the server. */
    void startServer(Leg leg, Runnable onSecured) {
        if (leg instanceof TlsLeg secured && serverSession != null) {
            secured.startTls(serverSession.newEngine(), patience, onSecured);
        }
    }

    @Override
    public Leg partner(Leg leg) {
        return direction == Direction.REVERSE ? client(leg) : server(leg);
    }

    @Override
    public Leg inside(Leg leg) {
        return direction == Direction.REVERSE ? server(leg) : client(leg);
    }

    private Leg client(Leg leg) {
        if (clientSession == null || ended == null || !dataProtected) {
            return leg;
        }
        var secured = new TlsLeg(leg, direction.clientReset(), "the data connection of " + partner);
        TlsEngine engine = clientSession.newEngine();
        boolean mustResume = ended.requireResumption();
        secured.startTls(
                engine,
                DATA_PATIENCE,
                () -> {
                    if (mustResume && !engine.resumed()) {
                        secured.lose(
                                "did not resume the TLS session of its control connection (see"
                                        + " require-resumption)");
                    }
                });
        return secured;
    }

    private Leg server(Leg leg) {
        if (serverSession == null) {
            return leg;
        }
        var secured =
                new TlsLeg(
                        leg,
                        direction.serverReset(),
                        "the data connection to "
                                + (direction == Direction.REVERSE ? "the origin" : partner));
        secured.startTls(serverSession.newEngine(), DATA_PATIENCE, () -> {});
        return secured;
    }
}
