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
import org.jspecify.annotations.Nullable;

/** The course of a data connection that the agent asked for. */
final class DataCourse implements Course {
    /** How the inner end of a data connection comes about: an origin's, or an inside client's. */
    interface Inside {
        String name();

        Dialing reach(EventLoop loop, TcpDial.Outcome outcome);
    }

    /** Puts TLS on both legs, as far as the conversation wants it. */
    interface Protection {
        Leg partner(Leg leg);

        Leg inside(Leg leg);
    }

    /** Hears what becomes of the connection. */
    interface Observer {
        /** Called on the core loop. */
        void onBegan(Aborter aborter);

        /** Both ends are there. Called on the data connection's loop, as what follows. */
        void onCarried();

        void onEnded(EndReason reason, long fromPartner, long fromOrigin);
    }

    private final String role;
    private final Inside inside;
    private final @Nullable String destination;
    private final Protection protection;
    private final RelayEngine engine;
    private final Observer observer;

    /**
     * @param role what the side inside is called
     */
    DataCourse(
            String role,
            Inside inside,
            @Nullable String destination,
            Protection protection,
            RelayEngine engine,
            Observer observer) {
        this.role = role;
        this.inside = inside;
        this.destination = destination;
        this.protection = protection;
        this.engine = engine;
        this.observer = observer;
    }

    @Override
    public String origin() {
        return inside.name();
    }

    @Override
    public @Nullable String destination() {
        return destination;
    }

    @Override
    public void began(Aborter aborter) {
        observer.onBegan(aborter);
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        return inside.reach(loop, outcome);
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel connection, RelayTimeouts timeouts, RelayObserver relayEnded) {
        observer.onCarried();
        Leg leg =
                SocketLeg.of(connection, EndReason.ORIGIN_RESET, () -> role + " " + inside.name());
        return engine.join(
                protection.partner(partner), protection.inside(leg), timeouts, relayEnded);
    }

    @Override
    public void ended(EndReason reason, long fromPartner, long fromOrigin) {
        observer.onEnded(reason, fromPartner, fromOrigin);
    }
}
