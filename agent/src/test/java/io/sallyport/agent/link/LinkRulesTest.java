package io.sallyport.agent.link;

import static io.sallyport.agent.link.LinkStep.step;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.sallyport.protocol.ChannelKind;
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
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.Ticket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkRulesTest {
    private static final OpeningKey OPENING_KEY = OpeningKey.random();
    private static final Welcome WELCOME = new Welcome(0, "dmz-1", "sallyport/1", OPENING_KEY);
    private static final Endpoint SOMEWHERE = new Endpoint(InetAddress.ofLiteral("192.0.2.1"), 22);

    private long nowNanos;
    private final LinkRules rules = new LinkRules(new Backoff(() -> 0), () -> nowNanos);

    private LinkStep next(LinkState state, LinkEvent event) {
        return rules.next(state, event);
    }

    private static Up up(int failures) {
        return new Up(failures, "dmz-1", "sallyport/1", 0);
    }

    private static Retry retryIn(long millis) {
        return new Retry(Duration.ofMillis(millis));
    }

    private static Received goodbye(CloseReason reason, Duration retryAfter) {
        return new Received(new Goodbye(reason, "because", retryAfter));
    }

    static Stream<LinkEvent> everyEvent() {
        return Stream.of(
                new Connected(),
                new NotReached("refused"),
                new Received(WELCOME),
                new DeadlinePassed(),
                new Lost("cut"),
                new DataPathFailed("filtered"),
                new PublishWanted(),
                new WaitIsOver(),
                new Stop("the agent stops"));
    }

    static Stream<FromGateway> everyMessage() {
        return Stream.of(
                WELCOME,
                new Published(1, List.of()),
                new Dial(ChannelKind.ENCRYPTED, List.of(Ticket.random())),
                new Listening(new RequestId(1), SOMEWHERE),
                new Refused(new RequestId(1), RefusalKind.FAILED, ""),
                new Ping(1),
                new Pong(1),
                new Goodbye(CloseReason.STOPPING, "", Duration.ZERO));
    }

    static Stream<FromGateway> messagesThatAreServed() {
        return everyMessage()
                .filter(message ->
                        message instanceof Published
                                || message instanceof Dial
                                || message instanceof Listening
                                || message instanceof Refused);
    }

    static Stream<FromGateway> messagesOnlyForTheWelcomed() {
        return everyMessage()
                .filter(message -> !(message instanceof Welcome) && !(message instanceof Goodbye));
    }

    @Test
    void no_event_and_no_message_was_left_out_here() {
        assertThat(everyEvent().map(Object::getClass))
                .containsExactlyInAnyOrder(LinkEvent.class.getPermittedSubclasses());
        assertThat(everyMessage().map(Object::getClass))
                .containsExactlyInAnyOrder(FromGateway.class.getPermittedSubclasses());
    }

    @Nested
    class A_link_that_connects {
        @Test
        void waits_for_the_welcome_once_it_is_connected() {
            assertThat(next(new Connecting(2), new Connected()))
                    .isEqualTo(step(new Greeting(2), new AwaitWelcome()));
        }

        @Test
        void waits_longer_after_each_failure() {
            assertThat(next(new Connecting(2), new NotReached("refused")))
                    .isEqualTo(
                            step(
                                    new Waiting(3),
                                    new Report(Level.WARN, "gateway not reached", "refused"),
                                    retryIn(400)));
        }

        @Test
        void gives_up_the_attempt_when_it_is_stopped() {
            assertThat(next(new Connecting(2), new Stop("the agent stops")))
                    .isEqualTo(step(new Stopped(), new LeaveQuietly()));
        }
    }

    @Nested
    class A_link_that_said_hello {
        @Test
        void publishes_when_it_is_welcome() {
            assertThat(next(new Greeting(1), new Received(WELCOME)))
                    .isEqualTo(
                            step(
                                    up(1),
                                    new Report(Level.INFO, "gateway connected", ""),
                                    new BeginService(OPENING_KEY),
                                    new Publish()));
        }

        @Test
        void does_not_speak_a_version_that_it_does_not_know() {
            assertThat(
                            next(
                                    new Greeting(0),
                                    new Received(new Welcome(9, "dmz-1", "other/9", OPENING_KEY))))
                    .satisfies(step -> {
                        assertThat(step.next()).isEqualTo(new Waiting(1));
                        assertThat(step.effects())
                                .anyMatch(effect ->
                                        effect instanceof SayGoodbye goodbye
                                                && goodbye.reason()
                                                        == CloseReason.VERSION_UNSUPPORTED);
                    });
        }

        @ParameterizedTest
        @MethodSource("io.sallyport.agent.link.LinkRulesTest#messagesOnlyForTheWelcomed")
        void leaves_a_gateway_that_does_not_begin_with_a_welcome(FromGateway message) {
            assertThat(next(new Greeting(0), new Received(message)))
                    .satisfies(step -> {
                        assertThat(step.next()).isEqualTo(new Waiting(1));
                        assertThat(step.effects())
                                .anyMatch(effect ->
                                        effect instanceof SayGoodbye goodbye
                                                && goodbye.reason() == CloseReason.PROTOCOL_ERROR);
                    });
        }

        @Test
        void leaves_a_gateway_that_does_not_answer() {
            String why = "the gateway did not answer the hello in time";
            assertThat(next(new Greeting(0), new DeadlinePassed()))
                    .isEqualTo(
                            step(
                                    new Waiting(1),
                                    new Report(Level.WARN, "gateway not reached", why),
                                    new SayGoodbye(CloseReason.TIMED_OUT, why),
                                    retryIn(100)));
        }

        @Test
        void comes_back_later_when_the_connection_is_lost() {
            assertThat(next(new Greeting(0), new Lost("cut")))
                    .isEqualTo(
                            step(
                                    new Waiting(1),
                                    new Report(Level.WARN, "gateway not reached", "cut"),
                                    retryIn(100)));
        }

        @Test
        void says_goodbye_when_it_is_stopped() {
            assertThat(next(new Greeting(0), new Stop("the agent stops")))
                    .isEqualTo(
                            step(
                                    new Stopped(),
                                    new SayGoodbye(CloseReason.STOPPING, "the agent stops")));
        }

        @Test
        void an_agent_that_may_not_come_stays_away_for_half_a_minute() {
            assertThat(next(new Greeting(0), goodbye(CloseReason.NOT_ALLOWED, Duration.ZERO)))
                    .isEqualTo(
                            step(
                                    new Waiting(1),
                                    new Report(
                                            Level.ERROR, "gateway refuses this agent", "because"),
                                    new LeaveQuietly(),
                                    retryIn(30_000)));
        }
    }

    @Nested
    class A_link_that_is_up {
        @ParameterizedTest
        @MethodSource("io.sallyport.agent.link.LinkRulesTest#messagesThatAreServed")
        void serves_the_gateway(FromGateway message) {
            assertThat(next(up(0), new Received(message)))
                    .isEqualTo(step(up(0), new Serve(message)));
        }

        @Test
        void asks_again_for_listeners_that_failed() {
            var told =
                    new Received(
                            new Published(
                                    1,
                                    List.of(
                                            new ListenerResult.Opened("web", SOMEWHERE, SOMEWHERE),
                                            new ListenerResult.Failed(
                                                    "files", SOMEWHERE, "in use"))));
            assertThat(next(up(0), told))
                    .isEqualTo(
                            step(
                                    up(0),
                                    new Serve(told.message()),
                                    new PublishLater(Duration.ofSeconds(10))));
        }

        @Test
        void publishes_when_services_differ() {
            assertThat(next(up(0), new PublishWanted())).isEqualTo(step(up(0), new Publish()));
        }

        @Test
        void is_made_anew_at_once_when_it_lasted() {
            nowNanos = LinkRules.SUCCESS.toNanos();
            assertThat(next(up(7), new Lost("cut")))
                    .isEqualTo(
                            step(
                                    new Waiting(1),
                                    new Report(Level.WARN, "gateway lost", "cut"),
                                    new EndService(),
                                    retryIn(100)));
        }

        @Test
        void is_a_failure_more_when_it_did_not_last() {
            nowNanos = LinkRules.SUCCESS.toNanos() - 1;
            assertThat(next(up(3), new Lost("cut")).next()).isEqualTo(new Waiting(4));
        }

        @Test
        void is_given_up_when_data_channels_do_not_come_through() {
            assertThat(next(up(0), new DataPathFailed("filtered")))
                    .isEqualTo(
                            step(
                                    new Waiting(1),
                                    new Report(Level.ERROR, "gateway given up", "filtered"),
                                    new EndService(),
                                    new SayGoodbye(CloseReason.DATA_PATH_FAILED, "filtered"),
                                    retryIn(100)));
        }

        @Test
        void lets_sessions_that_cross_its_goodbye_come_in() {
            assertThat(next(up(0), new Stop("the agent stops")))
                    .isEqualTo(
                            step(
                                    new Stopped(),
                                    new SayGoodbye(CloseReason.STOPPING, "the agent stops"),
                                    new WindDownService()));
        }

        @Test
        void does_not_take_a_second_welcome() {
            assertThat(next(up(0), new Received(WELCOME)).next()).isEqualTo(new Waiting(1));
        }

        @ParameterizedTest
        @EnumSource(
                value = CloseReason.class,
                mode = Mode.EXCLUDE,
                names = {"REPLACED", "NOT_ALLOWED", "VERSION_UNSUPPORTED"})
        void comes_back_when_the_gateway_says(CloseReason reason) {
            assertThat(next(up(0), goodbye(reason, Duration.ofSeconds(7))).effects())
                    .contains(new EndService(), new LeaveQuietly(), retryIn(7_000));
        }

        @ParameterizedTest
        @EnumSource(
                value = CloseReason.class,
                names = {"REPLACED", "NOT_ALLOWED", "VERSION_UNSUPPORTED"})
        void stays_away_for_half_a_minute_from_what_only_a_person_can_mend(CloseReason reason) {
            assertThat(next(up(0), goodbye(reason, Duration.ofSeconds(7))).effects())
                    .contains(new EndService(), new LeaveQuietly(), retryIn(30_000));
        }

        @Test
        void can_not_be_sent_away_for_ever() {
            assertThat(next(up(0), goodbye(CloseReason.STOPPING, Duration.ofDays(49))).effects())
                    .contains(new Retry(LinkRules.SENT_AWAY_MAX));
        }
    }

    @Test
    void a_link_that_waits_connects_when_the_wait_is_over() {
        assertThat(next(new Waiting(3), new WaitIsOver()))
                .isEqualTo(step(new Connecting(3), new Connect()));
    }

    @Test
    void a_link_that_waits_and_is_stopped_has_nobody_to_tell() {
        assertThat(next(new Waiting(3), new Stop("the agent stops")))
                .isEqualTo(step(new Stopped()));
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void a_link_that_is_stopped_stays_stopped(LinkEvent event) {
        assertThat(next(new Stopped(), event)).isEqualTo(step(new Stopped()));
    }

    @Test
    void what_crossed_on_its_way_changes_nothing() {
        assertThat(next(new Waiting(1), new Lost("cut"))).isEqualTo(step(new Waiting(1)));
        assertThat(next(up(0), new Received(new Pong(1)))).isEqualTo(step(up(0)));
        assertThat(next(new Greeting(0), new PublishWanted())).isEqualTo(step(new Greeting(0)));
        assertThat(next(new Connecting(0), new WaitIsOver())).isEqualTo(step(new Connecting(0)));
    }
}
