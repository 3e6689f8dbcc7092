package io.sallyport.gateway;

import static io.sallyport.gateway.peer.TestGateway.local;
import static io.sallyport.gateway.peer.TestGateway.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.gateway.peer.FakeAgent;
import io.sallyport.gateway.peer.FakeChannel;
import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.gateway.peer.TestGateway;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Opened;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents come, go, come again, and fall silent. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PresenceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void a_newer_control_channel_of_the_same_agent_takes_over_with_the_listeners_as_they_are()
            throws Exception {
        try (TestGateway gateway = TestGateway.in(folder).start()) {
            FakeAgent agent = gateway.agent("inside-1");
            FakeControl old = agent.connect();
            List<ListenerResult> listeners = old.publish(1, service("files", local(0)));

            FakeControl newer = agent.connect();

            assertThat(old.next(Goodbye.class).reason()).isEqualTo(CloseReason.REPLACED);
            old.awaitClosed();
            assertThat(newer.publish(1, service("files", local(0)))).isEqualTo(listeners);
            newer.close();
        }
    }

    @Test
    void an_agent_that_answers_no_ping_is_given_up_and_told_so() throws Exception {
        try (TestGateway gateway =
                        TestGateway.in(folder).heartbeat(Duration.ofMillis(300)).start();
                FakeControl control = gateway.agent("inside-1").connect()) {
            control.fallDeaf();

            Goodbye goodbye = control.next(Goodbye.class);
            assertThat(goodbye.reason()).isEqualTo(CloseReason.TIMED_OUT);
            assertThat(goodbye.why()).isEqualTo("a heartbeat was not answered within 300 ms");
            control.awaitClosed();
        }
    }

    @Test
    void a_session_outlives_its_agents_control_channel() throws Exception {
        try (TestGateway gateway = TestGateway.in(folder).start()) {
            FakeAgent agent = gateway.agent("inside-1");
            FakeControl control = agent.connect();
            Endpoint listener = bound(control.publish(1, service("files", local(0))));
            try (Partner partner = Partner.connect(listener);
                    FakeChannel channel = agent.bring(control.ticket())) {
                channel.open();

                control.close();
                agent.connect().close();

                partner.send("still");
                assertThat(channel.receive()).isEqualTo("still");
                channel.send("there");
                assertThat(partner.receive(5)).isEqualTo("there");
            }
        }
    }

    @Test
    void the_listeners_of_an_agent_that_stays_away_are_closed_after_the_grace() throws Exception {
        try (TestGateway gateway =
                TestGateway.in(folder).agentGrace(Duration.ofMillis(500)).start()) {
            FakeControl control = gateway.agent("inside-1").connect();
            Endpoint listener = bound(control.publish(1, service("files", local(0))));
            try (Partner parked = Partner.connect(listener)) {
                control.close();

                assertThat(parked.awaitReset()).isTrue();
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> !listens(listener));
        }
    }

    @Test
    void a_partner_who_comes_while_the_agent_is_away_is_served_when_it_is_back() throws Exception {
        try (TestGateway gateway = TestGateway.in(folder).start()) {
            FakeAgent agent = gateway.agent("inside-1");
            FakeControl control = agent.connect();
            Endpoint listener = bound(control.publish(1, service("files", local(0))));
            control.close();

            try (Partner partner = Partner.connect(listener).send("waiting");
                    FakeControl back = agent.connect()) {
                back.publish(1, service("files", local(0)));
                try (FakeChannel channel = agent.bring(back.ticket())) {
                    assertThat(channel.open().partner()).isEqualTo(partner.address());
                    assertThat(channel.receive()).isEqualTo("waiting");
                }
            }
        }
    }

    private static Endpoint bound(List<ListenerResult> results) {
        return ((Opened) results.getFirst()).bound();
    }

    private static boolean listens(Endpoint listener) {
        try (Partner partner = Partner.connect(listener)) {
            return partner.address().port() > 0;
        } catch (IOException refused) {
            return false;
        }
    }
}
