package io.sallyport.agent.link;

import static io.sallyport.agent.link.LinkStep.step;

import io.sallyport.agent.link.LinkEffect.AwaitWelcome;
import io.sallyport.agent.link.LinkEffect.BeginService;
import io.sallyport.agent.link.LinkEffect.Connect;
import io.sallyport.agent.link.LinkEffect.EndService;
import io.sallyport.agent.link.LinkEffect.LeaveQuietly;
import io.sallyport.agent.link.LinkEffect.Publish;
import io.sallyport.agent.link.LinkEffect.PublishLater;
import io.sallyport.agent.link.LinkEffect.Report;
import io.sallyport.agent.link.LinkEffect.Retry;
import io.sallyport.agent.link.LinkEffect.SayGoodbye;
import io.sallyport.agent.link.LinkEffect.Serve;
import io.sallyport.agent.link.LinkEffect.WindDownService;
import io.sallyport.agent.link.LinkEvent.Connected;
import io.sallyport.agent.link.LinkEvent.DataPathFailed;
import io.sallyport.agent.link.LinkEvent.DeadlinePassed;
import io.sallyport.agent.link.LinkEvent.Lost;
import io.sallyport.agent.link.LinkEvent.NotReached;
import io.sallyport.agent.link.LinkEvent.PublishWanted;
import io.sallyport.agent.link.LinkEvent.Received;
import io.sallyport.agent.link.LinkEvent.Stop;
import io.sallyport.agent.link.LinkEvent.WaitIsOver;
import io.sallyport.agent.link.LinkState.Connecting;
import io.sallyport.agent.link.LinkState.Greeting;
import io.sallyport.agent.link.LinkState.Stopped;
import io.sallyport.agent.link.LinkState.Up;
import io.sallyport.agent.link.LinkState.Waiting;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ListenerResult.Failed;
import io.sallyport.protocol.Protocol;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Decides what a link does next; never acts. The only place that knows which message may follow
 * which.
 */
final class LinkRules {
    /** A connection that lasted this long was a success: the next failure is the first again. */
    static final Duration SUCCESS = Duration.ofSeconds(30);

    /** How long to stay away at least after a refusal that only a person can mend. */
    static final Duration REFUSED = Duration.ofSeconds(30);

    /** The longest that a gateway may send an agent away for. */
    static final Duration SENT_AWAY_MAX = Duration.ofMinutes(5);

    /** How often a gateway is asked to try its failed listeners again. */
    static final Duration LISTENER_RETRY = Duration.ofSeconds(10);

    private final Backoff backoff;
    private final LongSupplier nanoTime;

    LinkRules(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** Events that a state does not name crossed on their way, and change nothing. */
    LinkStep next(LinkState state, LinkEvent event) {
        return switch (state) {
            case Connecting(var failures) ->
                    switch (event) {
                        case Connected() -> step(new Greeting(failures), new AwaitWelcome());
                        case NotReached(var why) -> notReached(failures, why);
                        case Stop _ -> step(new Stopped(), new LeaveQuietly());
                        default -> step(state);
                    };
            case Greeting greeting -> greeting(greeting, event);
            case Up up -> up(up, event);
            case Waiting(var failures) ->
                    switch (event) {
                        case WaitIsOver() -> step(new Connecting(failures), new Connect());
                        case Stop _ -> step(new Stopped());
                        default -> step(state);
                    };
            case Stopped() -> step(state);
        };
    }

    private LinkStep greeting(Greeting state, LinkEvent event) {
        int failures = state.failures();
        return switch (event) {
            case Received(Welcome(var minor, var gateway, var software, var openingKey)) ->
                    minor <= Protocol.MINOR
                            ? step(
                                    new Up(failures, gateway, software, nanoTime.getAsLong()),
                                    new Report(Level.INFO, "gateway connected", ""),
                                    new BeginService(openingKey),
                                    new Publish())
                            : leave(
                                    failures,
                                    CloseReason.VERSION_UNSUPPORTED,
                                    "the gateway chose version "
                                            + minor
                                            + " of the protocol, which the agent does not speak");
            case Received(Goodbye goodbye) -> sentAway(failures, goodbye);
            case Received(var message) ->
                    leave(
                            failures,
                            CloseReason.PROTOCOL_ERROR,
                            "the gateway sent " + nameOf(message) + " before its welcome");
            case DeadlinePassed() ->
                    leave(
                            failures,
                            CloseReason.TIMED_OUT,
                            "the gateway did not answer the hello in time");
            case Lost(var why) -> notReached(failures, why);
            case Stop(var why) -> step(new Stopped(), new SayGoodbye(CloseReason.STOPPING, why));
            default -> step(state);
        };
    }

    private LinkStep notReached(int failures, String why) {
        return step(
                new Waiting(failures + 1),
                new Report(Level.WARN, "gateway not reached", why),
                new Retry(backoff.delay(failures)));
    }

    /** Ends a greeting that led nowhere. */
    private LinkStep leave(int failures, CloseReason reason, String why) {
        return step(
                new Waiting(failures + 1),
                new Report(Level.WARN, "gateway not reached", why),
                new SayGoodbye(reason, why),
                new Retry(backoff.delay(failures)));
    }

    private LinkStep sentAway(int failures, Goodbye goodbye) {
        return step(
                new Waiting(failures + 1),
                farewell(goodbye),
                new LeaveQuietly(),
                retry(failures, goodbye));
    }

    private LinkStep up(Up state, LinkEvent event) {
        return switch (event) {
            case Received(var message) -> received(state, message);
            case PublishWanted() -> step(state, new Publish());
            case Lost(var why) -> {
                int failures = failuresBefore(state);
                yield step(
                        new Waiting(failures + 1),
                        new Report(Level.WARN, "gateway lost", why),
                        new EndService(),
                        new Retry(backoff.delay(failures)));
            }
            case DataPathFailed(var why) ->
                    fail(state, Level.ERROR, CloseReason.DATA_PATH_FAILED, why);
            case Stop(var why) ->
                    step(
                            new Stopped(),
                            new SayGoodbye(CloseReason.STOPPING, why),
                            new WindDownService());
            default -> step(state);
        };
    }

    private LinkStep received(Up state, FromGateway message) {
        return switch (message) {
            case Published(_, var listeners)
                    when listeners.stream().anyMatch(Failed.class::isInstance) ->
                    step(state, new Serve(message), new PublishLater(LISTENER_RETRY));
            case Published _, Dial _, Listening _, Refused _ -> step(state, new Serve(message));
            case Goodbye goodbye -> {
                int failures = failuresBefore(state);
                yield step(
                        new Waiting(failures + 1),
                        farewell(goodbye),
                        new EndService(),
                        new LeaveQuietly(),
                        retry(failures, goodbye));
            }
            case Welcome _ ->
                    fail(
                            state,
                            Level.WARN,
                            CloseReason.PROTOCOL_ERROR,
                            "the gateway sent a second welcome");
            // Answered by the control channel.
            case Ping _, Pong _ -> step(state);
        };
    }

    /** Ends a connection that is of no use, and begins anew. */
    private LinkStep fail(Up state, Level level, CloseReason reason, String why) {
        int failures = failuresBefore(state);
        return step(
                new Waiting(failures + 1),
                new Report(level, "gateway given up", why),
                new EndService(),
                new SayGoodbye(reason, why),
                new Retry(backoff.delay(failures)));
    }

    private int failuresBefore(Up state) {
        boolean lasted = nanoTime.getAsLong() - state.sinceNanos() >= SUCCESS.toNanos();
        return lasted ? 0 : state.failures();
    }

    private static Report farewell(Goodbye goodbye) {
        return switch (goodbye.reason()) {
            case STOPPING -> new Report(Level.INFO, "gateway says goodbye", goodbye.why());
            case REPLACED ->
                    new Report(
                            Level.ERROR,
                            "another process uses the certificate of this agent",
                            goodbye.why());
            case NOT_ALLOWED, VERSION_UNSUPPORTED ->
                    new Report(Level.ERROR, "gateway refuses this agent", goodbye.why());
            case PROTOCOL_ERROR, TIMED_OUT, DATA_PATH_FAILED ->
                    new Report(Level.WARN, "gateway says goodbye", goodbye.why());
        };
    }

    private Retry retry(int failures, Goodbye goodbye) {
        Duration asked =
                switch (goodbye.reason()) {
                    case REPLACED, NOT_ALLOWED, VERSION_UNSUPPORTED ->
                            longer(goodbye.retryAfter(), REFUSED);
                    case STOPPING, PROTOCOL_ERROR, TIMED_OUT, DATA_PATH_FAILED ->
                            goodbye.retryAfter();
                };
        return new Retry(
                backoff.delay(
                        failures, asked.compareTo(SENT_AWAY_MAX) > 0 ? SENT_AWAY_MAX : asked));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String nameOf(FromGateway message) {
        return message.getClass().getSimpleName();
    }
}
