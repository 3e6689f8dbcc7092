package io.sallyport.agent.link;

import io.netty.util.concurrent.Future;
import io.sallyport.agent.dial.Target;
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
import io.sallyport.agent.link.LinkEvent.DataPathFailed;
import io.sallyport.agent.link.LinkEvent.DeadlinePassed;
import io.sallyport.agent.link.LinkEvent.PublishWanted;
import io.sallyport.agent.link.LinkEvent.Stop;
import io.sallyport.agent.link.LinkEvent.WaitIsOver;
import io.sallyport.agent.link.LinkState.Connecting;
import io.sallyport.agent.link.LinkState.Greeting;
import io.sallyport.agent.link.LinkState.Stopped;
import io.sallyport.agent.link.LinkState.Up;
import io.sallyport.agent.link.LinkState.Waiting;
import io.sallyport.agent.session.Gateway;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.relay.dial.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The agent's link to one gateway: does what {@link LinkRules} decide. Used on the core loop only.
 */
public final class GatewayLink implements DataChannels.Link, Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLink.class);

    private final LinkContext context;
    private final Target target;
    private final LinkRules rules =
            new LinkRules(
                    new Backoff(() -> ThreadLocalRandom.current().nextDouble()), System::nanoTime);
    private final ListenerReports listeners;
    private LinkState state = new Connecting(0);
    private Instant since = Instant.now();
    private String lastError = "";
    private @Nullable ControlConnection connection;
    private @Nullable DataChannels channels;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> listenerRetry;
    private CompletableFuture<Void> answered = new CompletableFuture<>();
    private CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);
    private long dialedBefore;

    public GatewayLink(LinkContext context, HostPort gateway) {
        this.context = context;
        target = new Target("gateway", gateway);
        listeners = new ListenerReports(gateway);
    }

    /** Begins to connect, and does not stop trying before it is stopped. */
    public void start() {
        perform(new Connect());
    }

    /** Publishes new services if the gateway is connected; else that happens when it is. */
    public void publish() {
        answered = new CompletableFuture<>();
        apply(new PublishWanted());
    }

    /** Completes when the gateway has told of all listeners of the services of today. */
    public CompletableFuture<Void> whenAnswered() {
        return answered;
    }

    /**
     * Says goodbye, and leaves it to the gateway whether the agent comes back.
     *
     * @return completes when no session can come any more
     */
    public CompletableFuture<Void> stop(String why) {
        apply(new Stop(why));
        return quiet;
    }

    /** Has the gateway close the listeners, and says goodbye: the agent will not come back. */
    public void withdraw() {
        send(new ControlMessage.Publish(context.services().revision() + 1, List.of()));
        stop("the gateway was taken out of the agent's configuration");
    }

    /** What is shown of a link. */
    public record View(
            HostPort gateway,
            String state,
            Instant since,
            String lastError,
            int warm,
            long dialed,
            List<ListenerResult> listeners) {}

    public View view() {
        String word =
                switch (state) {
                    case Connecting _ -> "connecting";
                    case Greeting _ -> "greeting";
                    case Up _ -> "connected";
                    case Waiting _ -> "waiting";
                    case Stopped _ -> "stopped";
                };
        DataChannels current = channels;
        return new View(
                target.hostPort(),
                word,
                since,
                lastError,
                current == null ? 0 : current.warm(),
                dialedBefore + (current == null ? 0 : current.dialed()),
                state instanceof Up ? listeners.results() : List.of());
    }

    /** Whether the gateway can be asked for something now. */
    public boolean isUp() {
        return state instanceof Up;
    }

    @Override
    public void send(ControlMessage message) {
        if (state instanceof Up && connection != null) {
            connection.send(message);
        }
    }

    @Override
    public void onDataPathFailed(String why) {
        apply(new DataPathFailed(why));
    }

    /** The one method that all changes pass through. */
    private void apply(LinkEvent event) {
        LinkState before = state;
        LinkStep step = rules.next(state, event);
        state = step.next();
        if (!before.getClass().equals(state.getClass())) {
            cancelTimer();
            if (before instanceof Up || state instanceof Up) {
                since = Instant.now();
            }
            if (before instanceof Up) {
                context.sessions().dataRequests().lost(this);
            }
            LOG.atDebug()
                    .addKeyValue("gateway", target.hostPort())
                    .addKeyValue("from", before)
                    .addKeyValue("to", state)
                    .log("link moved");
        }
        step.effects().forEach(this::perform);
    }

    private void perform(LinkEffect effect) {
        switch (effect) {
            case Connect() -> connection = ControlConnection.dial(context, target, this::apply);
            case AwaitWelcome() -> timer(current().patienceLeft(), new DeadlinePassed());
            case BeginService(var openingKey) -> beginService(openingKey);
            case Publish() -> send(context.services().publication());
            case PublishLater(var delay) -> publishLater(delay);
            case Serve(var message) -> serve(message);
            case EndService() -> endService();
            case WindDownService() -> windDownService();
            case SayGoodbye(var reason, var why) -> {
                current().leave(reason, why);
                connection = null;
            }
            case LeaveQuietly() -> {
                current().leave();
                connection = null;
            }
            case Retry(var delay) -> timer(delay, new WaitIsOver());
            case Report(var level, var what, var why) -> report(level, what, why);
        }
    }

    private ControlConnection current() {
        return Objects.requireNonNull(connection, "a link in this state has a connection");
    }

    private void timer(Duration delay, LinkEvent event) {
        timer =
                context.loops()
                        .core()
                        .schedule(() -> apply(event), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void beginService(OpeningKey openingKey) {
        channels =
                new DataChannels(
                        context, target, Names.fixed(current().address()), openingKey, this);
    }

    /** Closes every data channel that has no session, those left to the gateway included. */
    public void endService() {
        if (channels != null) {
            channels.end();
            dialedBefore += channels.dialed();
            channels = null;
        }
        cancelListenerRetry();
    }

    private void windDownService() {
        if (channels != null) {
            quiet = channels.windDown();
        }
        cancelListenerRetry();
    }

    private void serve(FromGateway message) {
        if (channels == null) {
            throw new IllegalStateException("no service on a link in state " + state);
        }
        switch (message) {
            case Dial(var kind, var tickets) -> channels.bring(kind, tickets);
            case Listening listening -> context.sessions().dataRequests().listening(listening);
            case Refused refused -> context.sessions().dataRequests().refused(refused);
            case Published(var revision, var results) -> published(revision, results);
            case Welcome _, Goodbye _, Ping _, Pong _ ->
                    throw new IllegalStateException("not a message to serve: " + message);
        }
    }

    private void published(long revision, List<ListenerResult> results) {
        listeners.update(results);
        if (revision == context.services().revision()) {
            answered.complete(null);
        }
        cancelListenerRetry();
    }

    private void publishLater(Duration delay) {
        listenerRetry =
                context.loops()
                        .core()
                        .schedule(
                                () -> apply(new PublishWanted()),
                                delay.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private void cancelListenerRetry() {
        if (listenerRetry != null) {
            listenerRetry.cancel(false);
            listenerRetry = null;
        }
    }

    /** A gateway that stays away is told of once, not at every attempt. */
    private void report(Level level, String what, String why) {
        boolean repeated = level != Level.INFO && why.equals(lastError);
        lastError = why;
        var line =
                LOG.atLevel(repeated ? Level.DEBUG : level)
                        .addKeyValue("gateway", target.hostPort());
        if (!why.isEmpty()) {
            line = line.addKeyValue("error", why);
        }
        if (state instanceof Up(_, var name, var software, _)) {
            line = line.addKeyValue("name", name).addKeyValue("software", software);
        }
        line.log(what);
    }
}
