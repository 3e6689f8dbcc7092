package io.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Loops;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataRequestsTest {
    private static final SessionId SESSION = SessionId.random();
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Endpoint SOMEWHERE =
            new Endpoint(InetAddress.ofLiteral("192.0.2.7"), 50_000);

    private final Loops loops = new Loops();
    private final DataRequests requests = new DataRequests(loops);
    private final Channel channel = new Channel();
    private final Answers answer = new Answers();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void what_is_asked_for_goes_to_the_session_s_gateway_under_a_number_of_its_own() {
        RequestId first = onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));
        RequestId second =
                onCore(() -> requests.connect(SESSION, channel, SOMEWHERE, MINUTE, answer));

        assertThat(first.number()).isNotEqualTo(second.number());
        assertThat(channel.told)
                .containsExactly(
                        new Listen(SESSION, first.number(), 0, 0, MINUTE),
                        new ConnectPartner(SESSION, second.number(), SOMEWHERE, MINUTE));
    }

    @Test
    void the_one_who_asked_hears_the_answer_and_says_how_to_serve_what_comes() {
        RequestId data = onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));

        onCore(() -> {
            requests.listening(new Listening(data, SOMEWHERE));
            return "";
        });
        assertThat(answer.heard).containsExactly("listening " + SOMEWHERE);
        assertThat(came(data)).isSameAs(answer.course);
        assertThat(came(data)).as("a second time").isNull();
    }

    @Test
    void a_forward_session_is_given_up_with_the_gateway_that_was_asked_for_it_and_no_other() {
        var heard = new Answers();
        Gateway gateway = _ -> {};
        onCore(() -> requests.forward(gateway, Ping::new, MINUTE, heard));
        onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));

        onCore(() -> {
            requests.lost(_ -> {});
            return "";
        });
        assertThat(heard.heard).isEmpty();
        onCore(() -> {
            requests.lost(gateway);
            return "";
        });

        assertThat(heard.heard)
                .containsExactly(
                        "refused the agent lost its gateway while it waited for the partner");
        assertThat(answer.heard).as("of a data connection beside a session").isEmpty();
    }

    @Test
    void a_refusal_is_heard_once_with_its_reason() {
        RequestId data = onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));
        var refused = new Refused(data, RefusalKind.NO_PORT, "all ports are in use");

        onCore(() -> {
            requests.refused(refused);
            requests.refused(refused);
            return "";
        });
        assertThat(answer.heard).containsExactly("refused all ports are in use");
        assertThat(came(data)).isNull();
    }

    @Test
    void what_is_withdrawn_is_told_to_the_gateway_and_comes_no_more() {
        RequestId data = onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));

        onCore(() -> {
            requests.withdraw(data);
            requests.withdraw(data);
            return "";
        });
        assertThat(channel.told)
                .containsExactly(
                        new Listen(SESSION, data.number(), 0, 0, MINUTE), new Withdraw(data));
        assertThat(came(data)).isNull();
    }

    @Test
    void the_end_of_a_session_forgets_what_it_asked_for_and_nothing_else() {
        var other = SessionId.random();
        RequestId data = onCore(() -> requests.listen(SESSION, channel, null, MINUTE, answer));
        RequestId others = onCore(() -> requests.listen(other, channel, null, MINUTE, answer));

        onCore(() -> {
            requests.forget(SESSION);
            return "";
        });
        assertThat(came(data)).isNull();
        assertThat(came(others)).isSameAs(answer.course);
    }

    @Test
    void a_gateway_that_does_not_answer_is_not_waited_for() {
        Duration none = DataRequests.GATEWAY_PATIENCE.negated().plusMillis(10);
        onCore(() -> requests.listen(SESSION, channel, null, none, answer));

        await().untilAsserted(() ->
                assertThat(answer.heard)
                        .containsExactly("refused the gateway did not answer in time"));
    }

    private @Nullable Course came(RequestId data) {
        var came = new CopyOnWriteArrayList<Course>();
        onCore(() -> {
            Course course =
                    requests.came(
                            new SessionOpening(SESSION, "files", SOMEWHERE, SOMEWHERE, data),
                            channel);
            if (course != null) {
                came.add(course);
            }
            return "";
        });
        return came.isEmpty() ? null : came.getFirst();
    }

    private <T> T onCore(Supplier<T> action) {
        return loops.onCore(action);
    }

    /** Hears, and knows one course. */
    private static final class Answers implements DataRequests.Answer {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final Course course = new NoCourse();

        @Override
        public void listening(Endpoint bound) {
            heard.add("listening " + bound);
        }

        @Override
        public void refused(String why) {
            heard.add("refused " + why);
        }

        @Override
        public Course came(SessionOpening opening, SessionChannel gateway) {
            return course;
        }
    }

    /** A course that nobody takes. */
    private static final class NoCourse implements Course {
        @Override
        public String origin() {
            return "nowhere";
        }

        @Override
        public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
            throw new AssertionError("nobody reaches it");
        }

        @Override
        public Relay carry(
                Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer) {
            throw new AssertionError("nothing is carried");
        }
    }

    /** Remembers what the gateway was told. */
    private static final class Channel implements SessionChannel {
        final List<ControlMessage> told = new CopyOnWriteArrayList<>();

        @Override
        public String gateway() {
            return "gateway";
        }

        @Override
        public Leg leg() {
            throw new AssertionError("no bytes here");
        }

        @Override
        public void tell(ControlMessage message) {
            told.add(message);
        }

        @Override
        public void confirmOpened() {}
    }
}
