package io.sallyport.agent.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.Dialing;
import io.sallyport.agent.dial.Names;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import org.jspecify.annotations.Nullable;

/** The course of most sessions: to the service's origin, and bytes both ways. */
public final class ServiceCourse implements Course {
    private final SessionOpening opening;
    private final ServiceConfig service;
    private final Names names;
    private final RelayEngine engine;
    private final Target target;

    public ServiceCourse(
            SessionOpening opening, ServiceConfig service, Names names, RelayEngine engine) {
        this.opening = opening;
        this.service = service;
        this.names = names;
        this.engine = engine;
        target = new Target("origin", service.origin());
    }

    @Override
    public String origin() {
        return service.origin().toString();
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        return TcpDial.start(loop, names, target, service.connectTimeout(), outcome);
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer) {
        origin.allowHalfClose();
        var leg = new SocketLeg(origin, EndReason.ORIGIN_RESET, target.toString());
        origin.pipeline().addLast(leg);
        ByteBuf header = proxyHeader();
        if (header != null) {
            leg.write(header);
            leg.flush();
        }
        return engine.join(partner, leg, timeouts, observer);
    }

    private @Nullable ByteBuf proxyHeader() {
        return switch (service.proxyProtocol()) {
            case NONE -> null;
            case V1 -> ProxyHeader.version1(opening);
            case V2 -> ProxyHeader.version2(opening);
        };
    }
}
