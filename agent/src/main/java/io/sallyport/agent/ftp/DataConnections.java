package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.tcp.OnceListener;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The data connections of one FTP session, one after the other: each is prepared under a number,
 * comes, and belongs to one transfer. Used on the core loop only; what it tells goes to the
 * session's own loop.
 */
final class DataConnections {
    /** How long partner and origin may take to open a data connection that was agreed on. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a data connection needs to know of its session. */
    record Beside(SessionId session, SessionChannel channel, Duration connectTimeout) {}

    /** Hears of preparations, and of ends. All on the session's own loop. */
    interface Observer {
        void onPassiveReady(Endpoint bound);

        void onPassiveRefused(String why);

        void onActiveReady(Endpoint bound);

        void onActiveRefused(String why);

        void onBegan(long number);

        void onEnded(long number, EndReason reason, long fromPartner, long fromOrigin);
    }

    private final EventLoop core;
    private final EventLoop sessionLoop;
    private final Beside beside;
    private final DataRequests requests;
    private final RelayEngine engine;
    private final DataCourse.Protection protection;
    private final Observer observer;
    private Runnable giveUp = () -> {};
    private final Map<Long, Course.Aborter> running = new HashMap<>();

    /** The last one whose transfer the origin called complete. */
    private long completed;

    /** The last one whose transfer the origin refused. */
    private long refused;

    DataConnections(
            EventLoop core,
            EventLoop sessionLoop,
            Beside beside,
            DataRequests requests,
            RelayEngine engine,
            DataCourse.Protection protection,
            Observer observer) {
        this.core = core;
        this.sessionLoop = sessionLoop;
        this.beside = beside;
        this.requests = requests;
        this.engine = engine;
        this.protection = protection;
        this.observer = observer;
    }

    /** Has the gateway listen for the partner; what comes goes to the origin's address. */
    void preparePassive(long number, Endpoint origin) {
        giveUpPrepared();
        var passive = new PassiveAnswer(number, origin);
        RequestId data = requests.listen(beside.session(), beside.channel(), PATIENCE, passive);
        giveUp = () -> requests.withdraw(data);
    }

    private final class PassiveAnswer implements DataRequests.Answer {
        private final long number;
        private final Endpoint origin;
        private boolean listening;

        PassiveAnswer(long number, Endpoint origin) {
            this.number = number;
            this.origin = origin;
        }

        @Override
        public void listening(Endpoint bound) {
            listening = true;
            tell(observer -> observer.onPassiveReady(bound));
        }

        @Override
        public void refused(String why) {
            giveUp = () -> {};
            // If it listens already, the partner came too late: the origin ends the transfer.
            if (!listening) {
                tell(observer -> observer.onPassiveRefused(why));
            }
        }

        @Override
        public Course came(SessionOpening opening) {
            giveUp = () -> {};
            return course(number, new PassiveOrigin(origin, beside.connectTimeout()));
        }
    }

    /**
     * Listens for the origin; when it comes, has the gateway connect to the partner.
     *
     * @param listen where the origin can reach the agent
     * @param origin where the origin comes from
     */
    void prepareActive(long number, InetAddress listen, InetAddress origin, Endpoint partner) {
        giveUpPrepared();
        var listener =
                OnceListener.open(
                        core,
                        new Endpoint(listen, 0),
                        Set.of(origin),
                        PATIENCE,
                        new OriginListener(number, partner));
        if (!listener.isClosed()) {
            giveUp = listener::close;
        }
    }

    private final class OriginListener implements OnceListener.Observer {
        private final long number;
        private final Endpoint partner;

        OriginListener(long number, Endpoint partner) {
            this.number = number;
            this.partner = partner;
        }

        @Override
        public void onListening(Endpoint bound) {
            tell(observer -> observer.onActiveReady(bound));
        }

        @Override
        public void onFailed(Throwable cause) {
            tell(observer ->
                    observer.onActiveRefused(
                            "the agent can't listen for the origin: " + cause.getMessage()));
        }

        @Override
        public void onConnected(TcpChannel connection, Endpoint peer, Endpoint reached) {
            connectPartner(number, new ActiveOrigin(connection, peer), partner);
        }

        @Override
        public void onStranger(Endpoint stranger, Endpoint reached) {
            // Reset already; the origin may still come.
        }

        @Override
        public void onTooLate() {
            // The origin never came: it ends the transfer itself.
        }
    }

    private void connectPartner(long number, ActiveOrigin origin, Endpoint partner) {
        RequestId data =
                requests.connect(
                        beside.session(),
                        beside.channel(),
                        partner,
                        beside.connectTimeout(),
                        new DataRequests.Answer() {
                            @Override
                            public void refused(String why) {
                                giveUp = () -> {};
                                origin.reset();
                                tell(observer ->
                                        observer.onEnded(number, EndReason.PARTNER_RESET, 0, 0));
                            }

                            @Override
                            public Course came(SessionOpening opening) {
                                giveUp = () -> {};
                                return course(number, origin);
                            }
                        });
        giveUp =
                () -> {
                    requests.withdraw(data);
                    origin.reset();
                };
    }

    private Course course(long number, DataCourse.Origin origin) {
        return new DataCourse(origin, protection, engine, new Running(number));
    }

    /** One data connection that partner and gateway have opened. */
    private final class Running implements DataCourse.Observer {
        private final long number;

        Running(long number) {
            this.number = number;
        }

        @Override
        public void onBegan(Course.Aborter aborter) {
            if (number == refused) {
                aborter.abort(EndReason.ORIGIN_RESET, "the origin has refused the transfer");
            } else if (number > completed) {
                running.put(number, aborter);
            }
            tell(observer -> observer.onBegan(number));
        }

        @Override
        public void onEnded(EndReason reason, long fromPartner, long fromOrigin) {
            core.execute(() -> running.remove(number));
            tell(observer -> observer.onEnded(number, reason, fromPartner, fromOrigin));
        }
    }

    /** What was prepared is not used: the next transfer, or the end of the session, comes first. */
    void giveUpPrepared() {
        Runnable action = giveUp;
        giveUp = () -> {};
        action.run();
    }

    /** The origin has sent or taken all: what is still under way ends by itself. */
    void transferCompleted(long number) {
        completed = Math.max(completed, number);
        running.remove(number);
    }

    /** The origin refused the transfer: nobody is to wait for it. */
    void abortTransfer(long number, String why) {
        giveUpPrepared();
        refused = number;
        Course.Aborter aborter = running.remove(number);
        if (aborter != null) {
            aborter.abort(EndReason.ORIGIN_RESET, why);
        }
    }

    private void tell(Consumer<Observer> news) {
        sessionLoop.execute(() -> news.accept(observer));
    }
}
