package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.peer.Certificates;
import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.TestGateway;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.Protocol;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is welcomed at the agents' port, and who is sent away with which words. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class GreetingTest {
    private TestGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = TestGateway.in(folder).allowingAgents("inside-1").start();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void an_agent_is_welcomed_by_the_gateways_name() throws Exception {
        try (FakeControl control = gateway.agent("inside-1").dial()) {
            control.send(new Hello(Protocol.MINOR, "fake/1", 7));

            Welcome welcome = control.next(Welcome.class);
            assertThat(welcome.minor()).isEqualTo(Protocol.MINOR);
            assertThat(welcome.gateway()).isEqualTo("dmz-1");
        }
    }

    @Test
    void with_an_agent_of_a_newer_minor_version_the_gateways_own_is_spoken() throws Exception {
        try (FakeControl control = gateway.agent("inside-1").dial()) {
            control.send(new Hello(Protocol.MINOR + 1, "fake/2", 7));

            assertThat(control.next(Welcome.class).minor()).isEqualTo(Protocol.MINOR);
        }
    }

    @Test
    void an_agent_of_another_major_version_is_hung_up_on() throws Exception {
        try (var socket = gateway.agent("inside-1").dial("sallyport-control/2")) {
            assertThat(socket.getApplicationProtocol()).isEmpty();
            assertThatThrownBy(() -> new DataInputStream(socket.getInputStream()).readByte())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void who_does_not_begin_with_a_hello_is_sent_away() throws Exception {
        try (FakeControl control = gateway.agent("inside-1").dial()) {
            control.send(new Publish(1, List.of()));

            assertSentAway(
                    control, CloseReason.PROTOCOL_ERROR, "the first message must be a hello");
        }
    }

    @Test
    void who_says_hello_twice_is_sent_away() throws Exception {
        try (FakeControl control = gateway.agent("inside-1").connect()) {
            control.send(new Hello(Protocol.MINOR, "fake/1", 7));

            assertSentAway(control, CloseReason.PROTOCOL_ERROR, "a second hello");
        }
    }

    @Test
    void an_agent_that_the_policy_does_not_name_is_sent_away_and_told_why() throws Exception {
        try (FakeControl control = gateway.agent("inside-2").dial()) {
            control.send(new Hello(Protocol.MINOR, "fake/1", 7));

            assertSentAway(
                    control,
                    CloseReason.NOT_ALLOWED,
                    "the gateway's policy.agents does not name inside-2");
        }
    }

    @Test
    void who_has_a_certificate_of_another_authority_is_told_nothing() throws Exception {
        var strange = new Certificates().agent("inside-1");

        // The agent's side of the handshake is done when the gateway has looked at the certificate,
        // or just about to be.
        try (FakeControl control = gateway.agent(strange).dial()) {
            control.awaitClosed();
            assertThat(control.hasAnotherMessage()).isFalse();
        } catch (SocketException meanwhile) {
            assertThat(meanwhile).hasMessageMatching("Connection reset.*|Broken pipe.*");
        }
    }

    private static void assertSentAway(FakeControl control, CloseReason reason, String why)
            throws InterruptedException {
        Goodbye goodbye = control.next(Goodbye.class);
        assertThat(goodbye.reason()).isEqualTo(reason);
        assertThat(goodbye.why()).isEqualTo(why);
        control.awaitClosed();
    }
}
