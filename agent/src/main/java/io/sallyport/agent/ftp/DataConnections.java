package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.DataEnd;
import io.sallyport.process.Ports;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.RelayEngine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data connections of one FTP session, one after the other: each is prepared under a number,
 * comes, and belongs to one transfer. Used on the core loop only; what it tells goes to the
 * session's own loop.
 */
final class DataConnections {
    /** How long both ends may take to open a data connection that was agreed on. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * What a data connection needs to know of its session.
     *
     * @param destination whom a forward session was to reach, as it was asked for; else null
     * @param gatewayPorts for partners that come to a forward session; null where the service names
     *     them, or where none may come
     * @param listen where the inner end can reach the agent
     * @param inside where the inner end comes from
     */
    record Beside(
            SessionId session,
            SessionChannel channel,
            Direction direction,
            @Nullable String destination,
            @Nullable Ports gatewayPorts,
            InetAddress listen,
            InetAddress inside,
            Duration connectTimeout) {}

    /** Hears of preparations, and of ends. All on the session's own loop. */
    interface Observer {
        /**
         * @param gateway where the gateway listens for the partner, if it does
         * @param agent where the agent listens for the inner end, if it does
         */
        void onReady(@Nullable Endpoint gateway, @Nullable Endpoint agent);

        void onRefused(String why);

        /** Partner and gateway are connected. */
        void onBegan(long number);

        /** Both ends are connected. */
        void onCarried(long number);

        /** It was agreed on, and never began. */
        void onLost(long number);

        /** It had begun, or one of its ends was there. */
        void onEnded(long number, EndReason reason, long fromPartner, long fromOrigin);
    }

    private final EventLoop core;
    private final EventLoop sessionLoop;
    private final Beside beside;
    private final DataRequests requests;
    private final RelayEngine engine;
    private final DataCourse.Protection protection;
    private final Duration patience;
    private final Observer observer;
    private @Nullable DataPreparation prepared;
    private final Map<Long, Course.Aborter> running = new HashMap<>();

    /** The last one whose transfer the server called complete. */
    private long completed;

    /** The last one whose transfer the server refused. */
    private long refused;

    /**
     * @param patience how long both ends may take to open a data connection: {@link #PATIENCE}
     */
    DataConnections(
            EventLoop core,
            EventLoop sessionLoop,
            Beside beside,
            DataRequests requests,
            RelayEngine engine,
            DataCourse.Protection protection,
            Duration patience,
            Observer observer) {
        this.core = core;
        this.sessionLoop = sessionLoop;
        this.beside = beside;
        this.requests = requests;
        this.engine = engine;
        this.protection = protection;
        this.patience = patience;
        this.observer = observer;
    }

    /** Begins a data connection between these two; what was prepared before is given up. */
    void prepare(long number, DataEnd partner, DataEnd inside) {
        giveUpPrepared();
        var next = new DataPreparation(number, this, partner, inside);
        prepared = next;
        next.begin();
    }

    EventLoop core() {
        return core;
    }

    Duration patience() {
        return patience;
    }

    Beside beside() {
        return beside;
    }

    DataRequests requests() {
        return requests;
    }

    Course course(long number, DataCourse.Inside inside) {
        return new DataCourse(
                beside.direction().inside(),
                inside,
                beside.destination(),
                protection,
                engine,
                new Running(number));
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
                aborter.abort(
                        beside.direction().serverReset(), "the server has refused the transfer");
            } else if (number > completed) {
                running.put(number, aborter);
            }
            tell(observer -> observer.onBegan(number));
        }

        @Override
        public void onCarried() {
            tell(observer -> observer.onCarried(number));
        }

        @Override
        public void onEnded(EndReason reason, long fromPartner, long fromOrigin) {
            core.execute(() -> running.remove(number));
            tell(observer -> observer.onEnded(number, reason, fromPartner, fromOrigin));
        }
    }

    /** What was prepared is not used: the next transfer, or the end of the session, comes first. */
    void giveUpPrepared() {
        DataPreparation last = prepared;
        prepared = null;
        if (last != null) {
            last.giveUp();
        }
    }

    /** The server has sent or taken all: what is still under way ends by itself. */
    void transferCompleted(long number) {
        completed = Math.max(completed, number);
        running.remove(number);
    }

    /** The server refused the transfer: nobody is to wait for it. */
    void abortTransfer(long number, String why) {
        if (prepared != null && prepared.number() == number) {
            giveUpPrepared();
        }
        refused = number;
        Course.Aborter aborter = running.remove(number);
        if (aborter != null) {
            aborter.abort(beside.direction().serverReset(), why);
        }
    }

    void tell(Consumer<Observer> news) {
        sessionLoop.execute(() -> news.accept(observer));
    }
}
