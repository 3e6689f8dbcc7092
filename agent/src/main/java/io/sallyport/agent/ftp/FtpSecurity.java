package io.sallyport.agent.ftp;

import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.OriginTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls.Ended;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
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

    private final SessionOpening opening;
    private final @Nullable Ended ended;
    private final @Nullable OriginTls originTls;
    private final @Nullable FtpsSession partnerSession;
    private final @Nullable FtpsSession originSession;
    private final Duration patience;
    private volatile boolean dataProtected;

    FtpSecurity(SessionOpening opening, FtpConfig ftp, FtpTls tls, Duration patience) {
        this.opening = opening;
        ended = ftp.tls() instanceof Ended one ? one : null;
        originTls = ftp.originTls();
        partnerSession = tls.partners() == null ? null : tls.partners().newSession();
        originSession = tls.origin() == null ? null : tls.origin().newSession();
        this.patience = patience;
        dataProtected = ended != null && ended.start() == Ended.Start.IMPLICIT;
    }

    void protectData(boolean protect) {
        dataProtected = protect;
    }

    /** The leg of the partner's control connection; TLS may begin on it later. */
    Leg control(Leg leg) {
        if (partnerSession == null || ended == null) {
            return leg;
        }
        var secured = new TlsLeg(leg, EndReason.PARTNER_RESET, "partner " + opening.partner());
        secured.acceptEndWithoutCloseNotify();
        if (ended.start() == Ended.Start.IMPLICIT) {
            secured.startTls(partnerSession.newEngine(), patience, () -> {});
        }
        return secured;
    }

    Leg controlToOrigin(Leg leg) {
        if (originSession == null || originTls == null) {
            return leg;
        }
        var secured = new TlsLeg(leg, EndReason.ORIGIN_RESET, "origin");
        // vsftpd says 221 and closes: the reply has to arrive, and no file can look whole by it.
        secured.acceptEndWithoutCloseNotify();
        if (originTls.mode() == OriginTls.Mode.IMPLICIT) {
            secured.startTls(originSession.newEngine(), patience, () -> {});
        }
        return secured;
    }

    /** TLS begins on the partner's control connection. */
    void startPartner(Leg leg, Runnable onSecured) {
        if (leg instanceof TlsLeg secured && partnerSession != null) {
            secured.startTls(partnerSession.newEngine(), patience, onSecured);
        }
    }

    /** TLS begins on the control connection to the origin. */
    void startOrigin(Leg leg, Runnable onSecured) {
        if (leg instanceof TlsLeg secured && originSession != null) {
            secured.startTls(originSession.newEngine(), patience, onSecured);
        }
    }

    @Override
    public Leg partner(Leg leg) {
        if (partnerSession == null || ended == null || !dataProtected) {
            return leg;
        }
        var secured =
                new TlsLeg(
                        leg,
                        EndReason.PARTNER_RESET,
                        "the data connection of partner " + opening.partner());
        TlsEngine engine = partnerSession.newEngine();
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

    @Override
    public Leg origin(Leg leg) {
        if (originSession == null) {
            return leg;
        }
        var secured = new TlsLeg(leg, EndReason.ORIGIN_RESET, "the data connection to the origin");
        secured.startTls(originSession.newEngine(), DATA_PATIENCE, () -> {});
        return secured;
    }
}
