package io.sallyport.agent.session;

import io.netty.util.concurrent.Future;
import io.sallyport.process.Ports;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Loops;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of gateways and has not come yet: data connections beside sessions, and forward
 * sessions. Used on the core loop only.
 */
public final class DataRequests {
    /** How much longer than the partner a gateway may take: its answer has a way to go. */
    static final Duration GATEWAY_PATIENCE = Duration.ofSeconds(10);

    /**
     * Hears what becomes of a request. All on the core loop; a refusal and a course are the last.
     */
    public interface Answer {
        default void listening(Endpoint bound) {}

        /** There will be none; as {@link #refused(String)} if the kind does not matter. */
        default void refused(RefusalKind kind, String why) {
            refused(why);
        }

        void refused(String why);

        /** The partner is there: says how to serve it; null if it is not wanted any more. */
        @Nullable Course came(SessionOpening opening, SessionChannel channel);
    }

    private final Loops loops;
    private final Map<RequestId, Request> requests = new HashMap<>();
    private long lastNumber;

    private record Request(Gateway gateway, Answer answer, Future<?> deadline) {}

    public DataRequests(Loops loops) {
        this.loops = loops;
    }

    /**
     * Asks for a port of the gateway that takes one connection of the session's partner.
     *
     * @param ports of a forward session; null for those of the session's service
     */
    public RequestId listen(
            SessionId session,
            SessionChannel channel,
            @Nullable Ports ports,
            Duration patience,
            Answer answer) {
        RequestId request = begin(session, channel::tell, patience, answer);
        int first = ports == null ? 0 : ports.first();
        int last = ports == null ? 0 : ports.last();
        channel.tell(new Listen(session, request.number(), first, last, patience));
        return request;
    }

    /** Asks for a connection to the session's partner. */
    public RequestId connect(
            SessionId session,
            SessionChannel channel,
            Endpoint destination,
            Duration patience,
            Answer answer) {
        RequestId request = begin(session, channel::tell, patience, answer);
        channel.tell(new ConnectPartner(session, request.number(), destination, patience));
        return request;
    }

    /**
     * Asks for a forward session.
     *
     * @param gateway that is to reach the partner
     * @param message what to ask, given the request's number
     */
    public RequestId forward(
            Gateway gateway,
            LongFunction<ControlMessage> message,
            Duration patience,
            Answer answer) {
        RequestId request = begin(null, gateway, patience, answer);
        gateway.send(message.apply(request.number()));
        return request;
    }

    private RequestId begin(
            @Nullable SessionId session, Gateway gateway, Duration patience, Answer answer) {
        var data = new RequestId(session, ++lastNumber);
        var deadline =
                loops.core()
                        .schedule(
                                () ->
                                        refuse(
                                                data,
                                                RefusalKind.TIMED_OUT,
                                                "the gateway did not answer in time"),
                                patience.plus(GATEWAY_PATIENCE).toMillis(),
                                TimeUnit.MILLISECONDS);
        requests.put(data, new Request(gateway, answer, deadline));
        return data;
    }

    /** Gives a data connection up that may not have come yet. */
    public void withdraw(RequestId data) {
        Request request = take(data);
        if (request != null) {
            request.gateway().send(new Withdraw(data));
        }
    }

    /**
     * A gateway's control channel is gone, and with it the forward sessions that it was asked for.
     */
    public void lost(Gateway gateway) {
        List.copyOf(requests.entrySet()).stream()
                .filter(entry ->
                        entry.getKey().beside() == null
                                && entry.getValue().gateway().equals(gateway))
                .forEach(entry ->
                        refuse(
                                entry.getKey(),
                                RefusalKind.FAILED,
                                "the agent lost its gateway while it waited for the partner"));
    }

    /** The session has ended, and with it, at the gateway, what it asked for. */
    void forget(SessionId session) {
        // Few sessions ask for anything, and all end.
        if (requests.isEmpty()) {
            return;
        }
        List.copyOf(requests.keySet()).stream()
                .filter(data -> session.equals(data.beside()))
                .forEach(this::take);
    }

    public void listening(Listening message) {
        Request request = requests.get(message.request());
        if (request != null) {
            request.answer().listening(message.bound());
        }
    }

    public void refused(Refused message) {
        refuse(message.request(), message.kind(), message.why());
    }

    private void refuse(RequestId data, RefusalKind kind, String why) {
        Request request = take(data);
        if (request != null) {
            request.answer().refused(kind, why);
        }
    }

    /** The course of what came; null if nobody asked for it, or not any more. */
    @Nullable Course came(SessionOpening opening, SessionChannel channel) {
        Request request = opening.request() == null ? null : take(opening.request());
        return request == null ? null : request.answer().came(opening, channel);
    }

    private @Nullable Request take(RequestId data) {
        Request request = requests.remove(data);
        if (request != null) {
            request.deadline().cancel(false);
        }
        return request;
    }
}
