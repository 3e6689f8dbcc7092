package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls.Ended;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.Arrival;
import io.sallyport.ftp.Settings;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/** The course of an FTP session whose conversation the agent follows. */
final class FtpCourse implements Course {
    /** What all such sessions have in common. */
    record Surroundings(
            EventLoop core,
            DataRequests requests,
            Names names,
            RelayEngine engine,
            boolean logUsers) {
        Surroundings with(boolean logUsers) {
            return new Surroundings(core, requests, names, engine, logUsers);
        }
    }

    private final Surroundings surroundings;
    private final SessionOpening opening;
    private final ServiceConfig service;
    private final FtpConfig ftp;
    private final FtpTls tls;
    private final SessionChannel channel;
    private final Target target;

    FtpCourse(
            Surroundings surroundings,
            SessionOpening opening,
            ServiceConfig service,
            FtpConfig ftp,
            FtpTls tls,
            SessionChannel channel) {
        this.surroundings = surroundings;
        this.opening = opening;
        this.service = service;
        this.ftp = ftp;
        this.tls = tls;
        this.channel = channel;
        target = new Target("origin", service.origin());
    }

    @Override
    public String origin() {
        return service.origin().toString();
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        return TcpDial.start(loop, surroundings.names(), target, service.connectTimeout(), outcome);
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel connection, RelayTimeouts timeouts, RelayObserver observer) {
        Leg originLeg = SocketLeg.of(connection, EndReason.ORIGIN_RESET, target::toString);
        InetSocketAddress origin =
                Objects.requireNonNull(connection.remoteAddress(), "connected a moment ago");
        InetAddress told = ftp.passive().announcedTo(opening.partner().address());
        return FtpControl.begin(
                surroundings,
                new DataConnections.Beside(
                        opening.session(),
                        channel,
                        Direction.REVERSE,
                        null,
                        null,
                        connection.localAddress().getAddress(),
                        origin.getAddress(),
                        service.connectTimeout()),
                opening,
                settings(origin),
                FtpSecurity.ofService(opening, ftp, tls, service.connectTimeout()),
                partner,
                originLeg,
                told == null ? opening.reached().address() : told,
                timeouts,
                observer);
    }

    private Settings settings(InetSocketAddress origin) {
        return new Settings(
                switch (ftp.tls()) {
                    case Ended ended ->
                            switch (ended.start()) {
                                case OFFERED -> Settings.ClientTls.OFFERED;
                                case REQUIRED -> Settings.ClientTls.REQUIRED;
                                case IMPLICIT -> Settings.ClientTls.IMPLICIT;
                            };
                    case FtpConfig.PartnerTls.None _, FtpConfig.PartnerTls.PassThrough _ ->
                            Settings.ClientTls.NONE;
                },
                FtpSecurity.serverTls(ftp.originTls()),
                opening.partner().address(),
                opening.reached().address() instanceof Inet4Address,
                origin.getAddress(),
                Settings.ServerMode.AS_CLIENT,
                ftp.passive().foreignAddresses(),
                Arrival.GREETED);
    }
}
