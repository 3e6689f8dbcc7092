package io.sallyport.agent.forward;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.session.Course;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import org.jspecify.annotations.Nullable;

/** The course of a forward session: its client is there already, and has waited for the partner. */
final class ForwardCourse implements Course {
    private final TcpChannel client;
    private final SocketLeg leg;
    private final String clientName;
    private final String destination;
    private final Carriage carriage;
    private final EventLoop core;

    /** How bytes are carried once partner and client are on one loop. */
    @FunctionalInterface
    interface Carriage {
        Relay carry(
                Leg partner,
                TcpChannel client,
                Leg clientLeg,
                RelayTimeouts timeouts,
                RelayObserver observer);
    }

    /**
     * @param leg at the end of the client's pipeline
     */
    ForwardCourse(
            TcpChannel client,
            SocketLeg leg,
            String clientName,
            String destination,
            Carriage carriage,
            EventLoop core) {
        this.client = client;
        this.leg = leg;
        this.clientName = clientName;
        this.destination = destination;
        this.carriage = carriage;
        this.core = core;
    }

    @Override
    public String origin() {
        return clientName;
    }

    @Override
    public @Nullable String destination() {
        return destination;
    }

    /** Brings the client to the loop of its data channel. */
    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        var move = new Move(loop, outcome);
        core.execute(move::leave);
        return move;
    }

    private final class Move implements Dialing {
        private final EventLoop loop;
        private final TcpDial.Outcome outcome;
        private boolean over;

        Move(EventLoop loop, TcpDial.Outcome outcome) {
            this.loop = loop;
            this.outcome = outcome;
        }

        void leave() {
            client.deregister().addListener(_ -> loop.execute(this::arrive));
        }

        private void arrive() {
            if (over) {
                client.reset();
                return;
            }
            loop.register(client)
                    .addListener((ChannelFuture registered) -> {
                        if (over) {
                            client.reset();
                        } else if (registered.isSuccess()) {
                            over = true;
                            outcome.connected(client);
                        } else {
                            over = true;
                            client.reset();
                            outcome.failed(
                                    new DialFault(
                                            false,
                                            "client "
                                                    + clientName
                                                    + " left before its partner was there"));
                        }
                    });
        }

        @Override
        public void cancel() {
            loop.execute(() -> {
                if (!over) {
                    over = true;
                    client.reset();
                }
            });
        }
    }

    @Override
    public Relay carry(
            Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer) {
        return carriage.carry(partner, origin, leg, timeouts, observer);
    }
}
