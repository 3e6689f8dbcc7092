package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.session.Course;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;

/** The course of a data connection that the agent asked for. */
final class DataCourse implements Course {
    /** How the origin's end of a data connection comes about. */
    interface Origin {
        String name();

        Dialing reach(EventLoop loop, TcpDial.Outcome outcome);
    }

    /** Puts TLS on both legs, as far as the conversation wants it. */
    interface Protection {
        Leg partner(Leg leg);

        Leg origin(Leg leg);
    }

    /** Hears what becomes of the connection. */
    interface Observer {
        /** Called on the core loop. */
        void onBegan(Aborter aborter);

        /** Called on the data connection's loop. */
        void onEnded(EndReason reason, long fromPartner, long fromOrigin);
    }

    private final Origin origin;
    private final Protection protection;
    private final RelayEngine engine;
    private final Observer observer;

    DataCourse(Origin origin, Protection protection, RelayEngine engine, Observer observer) {
        this.origin = origin;
        this.protection = protection;
        this.engine = engine;
        this.observer = observer;
    }

    @Override
    public String origin() {
        return origin.name();
    }

    @Override
    public void began(Aborter aborter) {
        observer.onBegan(aborter);
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        return origin.reach(loop, outcome);
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel connection, RelayTimeouts timeouts, RelayObserver relayEnded) {
        Leg leg = SocketLeg.of(connection, EndReason.ORIGIN_RESET, "origin " + origin.name());
        return engine.join(
                protection.partner(partner), protection.origin(leg), timeouts, relayEnded);
    }

    @Override
    public void ended(EndReason reason, long fromPartner, long fromOrigin) {
        observer.onEnded(reason, fromPartner, fromOrigin);
    }
}
