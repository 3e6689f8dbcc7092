package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.DataEnd;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.OnceListener;
import io.sallyport.relay.tcp.TcpChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One data connection until its partner is there: each end either comes or waits. A server's end is
 * made first, so that its client hears at once what can't be had, and is not connected in vain.
 * Used on the core loop only.
 */
final class DataPreparation implements DataRequests.Answer {
    private final long number;
    private final DataConnections connections;
    private final DataEnd partner;
    private final DataEnd inside;
    private @Nullable OnceListener listener;
    private @Nullable Endpoint gatewayBound;
    private @Nullable Endpoint agentBound;
    private @Nullable RequestId request;
    private @Nullable ArrivedInside arrived;
    private @Nullable Reaching reaching;
    private boolean ready;
    private boolean partnerCame;
    private boolean over;

    DataPreparation(long number, DataConnections connections, DataEnd partner, DataEnd inside) {
        this.number = number;
        this.connections = connections;
        this.partner = partner;
        this.inside = inside;
    }

    long number() {
        return number;
    }

    void begin() {
        if (inside instanceof DataEnd.Comes) {
            listen();
        } else {
            askGateway();
        }
    }

    private DataConnections.Beside beside() {
        return connections.beside();
    }

    private void askGateway() {
        request =
                switch (partner) {
                    case DataEnd.Comes _ ->
                            connections
                                    .requests()
                                    .listen(
                                            beside().session(),
                                            beside().channel(),
                                            beside().gatewayPorts(),
                                            connections.patience(),
                                            this);
                    case DataEnd.Waits(var at) ->
                            connections
                                    .requests()
                                    .connect(
                                            beside().session(),
                                            beside().channel(),
                                            at,
                                            beside().connectTimeout(),
                                            this);
                };
    }

    /** A partner who is the client and waits is connected to when the server has come. */
    private boolean partnerIsLast() {
        return beside().direction() == Direction.REVERSE && partner instanceof DataEnd.Waits;
    }

    private void listen() {
        listener =
                OnceListener.open(
                        connections.core(),
                        new Endpoint(beside().listen(), 0),
                        Set.of(beside().inside()),
                        connections.patience(),
                        new InsideListener());
        if (over) {
            listener.close();
        }
    }

    private final class InsideListener implements OnceListener.Observer {
        @Override
        public void onListening(Endpoint bound) {
            agentBound = bound;
            if (partnerIsLast()) {
                ready();
            } else {
                askGateway();
            }
        }

        @Override
        public void onFailed(Throwable cause) {
            refused("the agent can't listen for a data connection: " + cause.getMessage());
        }

        @Override
        public void onConnected(TcpChannel connection, Endpoint peer, Endpoint reached) {
            arrived = new ArrivedInside(beside().direction().inside(), connection, peer);
            if (partnerIsLast()) {
                askGateway();
            }
            join();
        }

        @Override
        public void onStranger(Endpoint stranger, Endpoint reached) {
            // Reset already; the one who is awaited may still come.
        }

        @Override
        public void onTooLate() {
            lost("nobody opened the data connection in time");
        }
    }

    /** Both ends know, or are about to be told, where to go. */
    private void ready() {
        if (!ready) {
            ready = true;
            Endpoint gateway = gatewayBound;
            Endpoint agent = agentBound;
            connections.tell(observer -> observer.onReady(gateway, agent));
        }
    }

    @Override
    public void listening(Endpoint bound) {
        gatewayBound = bound;
        ready();
    }

    @Override
    public void refused(String why) {
        request = null;
        lost(why);
    }

    /** It will not be: whoever waits for it is refused, or reset where it was agreed on already. */
    private void lost(String why) {
        if (over) {
            return;
        }
        boolean oneWasThere = arrived != null;
        over = true;
        release();
        Reaching one = reaching;
        if (!ready) {
            connections.tell(observer -> observer.onRefused(why));
        } else if (one != null) {
            one.fail(why);
        } else if (oneWasThere) {
            connections.tell(observer -> observer.onEnded(number, EndReason.PARTNER_RESET, 0, 0));
        } else {
            connections.tell(observer -> observer.onLost(number));
        }
    }

    @Override
    public Course came(SessionOpening opening, SessionChannel channel) {
        request = null;
        partnerCame = true;
        ready();
        return connections.course(
                number,
                switch (inside) {
                    case DataEnd.Waits(var at) ->
                            new WaitingInside(
                                    beside().direction().inside(), at, beside().connectTimeout());
                    case DataEnd.Comes _ -> new AwaitedInside();
                });
    }

    /** The next one, or the end of the session, comes first. */
    void giveUp() {
        if (!over && !(partnerCame && (inside instanceof DataEnd.Waits || arrived != null))) {
            lost("it is not wanted any more");
        }
    }

    private void release() {
        if (listener != null) {
            listener.close();
        }
        RequestId asked = request;
        request = null;
        if (asked != null) {
            connections.requests().withdraw(asked);
        }
        if (arrived != null) {
            arrived.reset();
        }
    }

    private void join() {
        Reaching one = reaching;
        ArrivedInside end = arrived;
        if (one != null && end != null) {
            over = true;
            one.connect(end);
        }
    }

    /** The inner end that comes, before or after the partner. */
    private final class AwaitedInside implements DataCourse.Inside {
        @Override
        public String name() {
            ArrivedInside end = arrived;
            return end == null ? beside().inside().getHostAddress() : end.name();
        }

        @Override
        public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
            var one = new Reaching(loop, outcome);
            connections
                    .core()
                    .execute(() -> {
                        if (over) {
                            one.fail("it is not wanted any more");
                        } else {
                            reaching = one;
                            join();
                        }
                    });
            return one;
        }
    }

    /** The partner is there, and waits on its own loop for the inner end. */
    private final class Reaching implements Dialing {
        private final EventLoop loop;
        private final TcpDial.Outcome outcome;
        private @Nullable Dialing registering;
        private boolean cancelled;

        Reaching(EventLoop loop, TcpDial.Outcome outcome) {
            this.loop = loop;
            this.outcome = outcome;
        }

        void connect(ArrivedInside end) {
            loop.execute(() -> {
                if (cancelled) {
                    end.reset();
                } else {
                    registering = end.reach(loop, outcome);
                }
            });
        }

        void fail(String why) {
            loop.execute(() -> {
                if (!cancelled) {
                    outcome.failed(new DialFault(false, why));
                }
            });
        }

        /** The partner left. */
        @Override
        public void cancel() {
            cancelled = true;
            if (registering != null) {
                registering.cancel();
            }
            connections.core().execute(DataPreparation.this::giveUp);
        }
    }
}
