package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeGateway;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Failed;
import io.sallyport.protocol.ListenerResult.Opened;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlChannelTest extends AgentBench {
    private static final Endpoint REQUESTED = FakeSession.endpoint("198.51.100.1", 22);

    @Test
    void the_agent_says_hello_and_publishes_its_services_when_it_is_welcome() throws Exception {
        agent = Agent.start(configuration(files(echo.address())).build());

        FakeControl control = gateway.control();
        assertThat(control.next(Hello.class).software()).startsWith("sallyport/");
        control.send(new Welcome(0, "dmz-1", "fake/1", OpeningKey.random()));

        assertThat(control.next(Publish.class).services())
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.name()).isEqualTo("files");
                    assertThat(service.kind()).isEqualTo(ChannelKind.ENCRYPTED);
                    assertThat(service.listeners()).containsExactly(REQUESTED);
                });
    }

    @Test
    void every_connection_of_one_process_names_the_same_instance() throws Exception {
        agent = Agent.start(configuration().build());
        FakeControl first = gateway.control();
        long instance = first.next(Hello.class).instance();

        first.cut();

        assertThat(gateway.control().next(Hello.class).instance()).isEqualTo(instance);
    }

    @Test
    void listeners_are_told_of_once_and_again_when_they_change() throws Exception {
        var control = connected(configuration(files(echo.address())));
        log.awaitLine("listener opened");

        control.send(published(new Opened("files", REQUESTED, REQUESTED)));
        control.send(published(new Failed("files", REQUESTED, "the port is in use")));

        var line = log.awaitLine("listener failed");
        assertThat(line.level()).isEqualTo(Level.WARN);
        assertThat(line.fields())
                .containsEntry("service", "files")
                .containsEntry("gateway", gateway.address().toString())
                .containsEntry("requested", "198.51.100.1:22")
                .containsEntry("error", "the port is in use");
        assertThat(log.lines("listener opened")).hasSize(1);
        assertThat(table("listeners"))
                .singleElement()
                .satisfies(row ->
                        assertThat(row)
                                .containsEntry("state", "failed")
                                .containsEntry("error", "the port is in use"));
    }

    @Test
    void whoever_starts_an_agent_can_wait_for_its_listeners() throws Exception {
        var bound = FakeSession.endpoint("198.51.100.1", 40_022);
        agent = Agent.start(configuration(files(echo.address())).build());
        FakeControl control = gateway.control();
        control.welcome();
        control.next(Publish.class);
        control.send(published(new Opened("files", REQUESTED, bound)));

        assertThat(agent.awaitListeners(Duration.ofSeconds(10)))
                .containsExactly(new Opened("files", REQUESTED, bound));
    }

    /** Each channel is given up on its own loop, where a session may just have begun. */
    @ParameterizedTest
    @EnumSource
    void a_lost_control_channel_ends_no_session_and_is_made_anew(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        control.dial(kind, 8);
        List<FakeSession> sessions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sessions.add(open(gateway.offer(kind), "files", Ticket.random()));
        }
        sessions.forEach(FakeSession::awaitOpened);

        control.cut();
        publishedBy(gateway);

        sessions.forEach(session -> session.send("still here"));
        await().untilAsserted(() ->
                assertThat(sessions).extracting(FakeSession::received).containsOnly("still here"));
        assertThat(log.awaitLine("gateway lost").field("error"))
                .startsWith("the connection was lost");
    }

    @ParameterizedTest
    @EnumSource
    void a_data_channel_whose_control_channel_was_lost_is_closed_after_its_session(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, kind, "files");
        session.awaitOpened();
        control.cut();
        publishedBy(gateway);

        session.end();
        session.awaitEnd();

        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(kind)).isFalse();
    }

    @Test
    void a_lost_control_channel_closes_data_channels_without_a_session() throws Exception {
        var control = connected(configuration(files(echo.address())));
        control.dial(ChannelKind.ENCRYPTED, 3);
        control.dial(ChannelKind.PLAIN, 2);
        gateway.awaitDataChannels(5);

        control.cut();

        gateway.awaitDataChannels(0);
    }

    @Test
    void a_gateway_that_falls_silent_is_given_up_within_two_heartbeats() throws Exception {
        var control =
                connected(configuration(files(echo.address())).beating(Duration.ofMillis(300)));

        control.fallSilent();

        gateway.control();
        assertThat(log.awaitLine("gateway lost").field("error")).contains("heartbeat");
    }

    @Test
    void a_gateway_that_does_not_answer_the_hello_is_left() throws Exception {
        agent = Agent.start(configuration().waiting(Duration.ofMillis(500)).build());

        FakeControl control = gateway.control();
        control.next(Hello.class);

        assertThat(control.next(Goodbye.class).reason()).isEqualTo(CloseReason.TIMED_OUT);
        gateway.control();
    }

    @Test
    void a_gateway_that_sends_the_agent_away_is_left_alone_for_as_long_as_it_says()
            throws Exception {
        var control = connected(configuration());

        control.goodbye(CloseReason.STOPPING, "the gateway stops", Duration.ofMinutes(1));

        assertThat(log.awaitLine("gateway says goodbye").level()).isEqualTo(Level.INFO);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(2))
                .until(() -> !gateway.hasAnotherControl());
        assertThat(table("gateways").getFirst()).containsEntry("state", "waiting");
    }

    @Test
    void a_double_with_the_same_certificate_is_an_error() throws Exception {
        var control = connected(configuration());

        control.goodbye(CloseReason.REPLACED, "a newer connection took over", Duration.ofMillis(1));

        var line = log.awaitLine("another process uses the certificate of this agent");
        assertThat(line.level()).isEqualTo(Level.ERROR);
        assertThat(line.field("error")).isEqualTo("a newer connection took over");
    }

    @Test
    void a_gateway_that_is_away_is_reached_as_soon_as_it_is_back_and_told_of_once()
            throws Exception {
        var control = connected(configuration());
        gateway.stopListening();
        control.cut();
        log.awaitLine("gateway not reached");
        await().until(() -> log.lines("gateway not reached").count() > 2);

        gateway.listen();

        publishedBy(gateway);
        assertThat(log.lines("gateway not reached").filter(line -> line.level() == Level.WARN))
                .singleElement()
                .satisfies(line ->
                        assertThat(line.field("error"))
                                .isEqualTo(
                                        "gateway "
                                                + gateway.address()
                                                + " refused the connection"));
    }

    @Test
    void each_gateway_has_a_link_of_its_own() throws Exception {
        try (var other = new FakeGateway(certificates.gateway("dmz-2"))) {
            agent =
                    Agent.start(
                            configuration(files(echo.address()))
                                    .dialing(gateway.address(), other.address())
                                    .build());
            publishedBy(gateway);
            FakeControl second = publishedBy(other);
            await().until(() -> connectedGateways() == 2);

            other.stopListening();
            second.cut();

            await().until(() -> connectedGateways() == 1);
        }
    }

    private long connectedGateways() {
        return table("gateways").stream()
                .filter(row -> "connected".equals(row.get("state")))
                .count();
    }

    private static Published published(ListenerResult... results) {
        return new Published(1, List.of(results));
    }
}
