package io.sallyport.agent.session;

import io.netty.util.concurrent.Future;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.DataRefused;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.DataConnection;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.Loops;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The data connections that sessions asked gateways for and that have not come yet. Used on the
 * core loop only.
 */
public final class DataRequests {
    /** How much longer than the partner a gateway may take: its answer has a way to go. */
    static final Duration GATEWAY_PATIENCE = Duration.ofSeconds(10);

    /**
     * Hears what becomes of a request. All on the core loop; a refusal and a course are the last.
     */
    public interface Answer {
        default void listening(Endpoint bound) {}

        void refused(String why);

        /** The partner is there: says how to serve it. */
        Course came();
    }

    private final Loops loops;
    private final Map<DataConnection, Request> requests = new HashMap<>();
    private long lastNumber;

    private record Request(SessionChannel channel, Answer answer, Future<?> deadline) {}

    public DataRequests(Loops loops) {
        this.loops = loops;
    }

    /** Asks for a port of the gateway that takes one connection of the session's partner. */
    public DataConnection listen(
            SessionId session, SessionChannel channel, Duration patience, Answer answer) {
        DataConnection data = begin(session, channel, patience, answer);
        channel.tell(new Listen(session, data.request(), patience));
        return data;
    }

    /** Asks for a connection to the session's partner. */
    public DataConnection connect(
            SessionId session,
            SessionChannel channel,
            Endpoint destination,
            Duration patience,
            Answer answer) {
        DataConnection data = begin(session, channel, patience, answer);
        channel.tell(new ConnectPartner(session, data.request(), destination, patience));
        return data;
    }

    private DataConnection begin(
            SessionId session, SessionChannel channel, Duration patience, Answer answer) {
        var data = new DataConnection(session, ++lastNumber);
        var deadline =
                loops.core()
                        .schedule(
                                () -> refuse(data, "the gateway did not answer in time"),
                                patience.plus(GATEWAY_PATIENCE).toMillis(),
                                TimeUnit.MILLISECONDS);
        requests.put(data, new Request(channel, answer, deadline));
        return data;
    }

    /** Gives a data connection up that may not have come yet. */
    public void withdraw(DataConnection data) {
        Request request = take(data);
        if (request != null) {
            request.channel().tell(new Withdraw(data.beside(), data.request()));
        }
    }

    /** The session has ended, and with it, at the gateway, what it asked for. */
    void forget(SessionId session) {
        List.copyOf(requests.keySet()).stream()
                .filter(data -> data.beside().equals(session))
                .forEach(this::take);
    }

    public void listening(Listening message) {
        Request request = requests.get(new DataConnection(message.session(), message.request()));
        if (request != null) {
            request.answer().listening(message.bound());
        }
    }

    public void refused(DataRefused message) {
        refuse(new DataConnection(message.session(), message.request()), message.why());
    }

    private void refuse(DataConnection data, String why) {
        Request request = take(data);
        if (request != null) {
            request.answer().refused(why);
        }
    }

    /** The course of a data connection that came; null if nobody asked for it, or not any more. */
    public @Nullable Course came(DataConnection data) {
        Request request = take(data);
        return request == null ? null : request.answer().came();
    }

    private @Nullable Request take(DataConnection data) {
        Request request = requests.remove(data);
        if (request != null) {
            request.deadline().cancel(false);
        }
        return request;
    }
}
