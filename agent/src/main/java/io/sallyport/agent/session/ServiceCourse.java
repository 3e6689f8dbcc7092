package io.sallyport.agent.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.process.HostPort;
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
import org.jspecify.annotations.Nullable;

/** The course of most sessions: to an origin, and bytes both ways. */
public final class ServiceCourse implements Course {
    private final SessionOpening opening;
    private final ServiceConfig service;
    private final Names names;
    private final RelayEngine engine;
    private final Target target;
    private final boolean heldData;

    private ServiceCourse(
            SessionOpening opening,
            ServiceConfig service,
            Target target,
            boolean heldData,
            Names names,
            RelayEngine engine) {
        this.opening = opening;
        this.service = service;
        this.names = names;
        this.engine = engine;
        this.target = target;
        this.heldData = heldData;
    }

    /** To the service's origin. */
    public static ServiceCourse of(
            SessionOpening opening, ServiceConfig service, Names names, RelayEngine engine) {
        var target = new Target("origin", service.origin());
        return new ServiceCourse(opening, service, target, false, names, engine);
    }

    /** To another port of the origin's host, for a data connection that came to a held port. */
    public static ServiceCourse toDataPort(
            int port,
            SessionOpening opening,
            ServiceConfig service,
            Names names,
            RelayEngine engine) {
        var target = new Target("origin", new HostPort(service.origin().host(), port));
        return new ServiceCourse(opening, service, target, true, names, engine);
    }

    @Override
    public boolean isHeldData() {
        return heldData;
    }

    @Override
    public String origin() {
        return target.hostPort().toString();
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        return TcpDial.start(loop, names, target, service.connectTimeout(), outcome);
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer) {
        Leg leg = SocketLeg.of(origin, EndReason.ORIGIN_RESET, target::toString);
        ByteBuf header = proxyHeader();
        if (header != null) {
            leg.write(header);
            leg.flush();
        }
        return engine.join(partner, leg, timeouts, observer);
    }

    private @Nullable ByteBuf proxyHeader() {
        if (heldData) {
            return null;
        }
        return switch (service.proxyProtocol()) {
            case NONE -> null;
            case V1 -> ProxyHeader.version1(opening);
            case V2 -> ProxyHeader.version2(opening);
        };
    }
}
