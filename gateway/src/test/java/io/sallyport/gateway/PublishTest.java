package io.sallyport.gateway;

import static io.sallyport.gateway.peer.TestGateway.local;
import static io.sallyport.gateway.peer.TestGateway.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.gateway.peer.TestGateway;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Failed;
import io.sallyport.protocol.ListenerResult.Opened;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the listeners that agents ask for. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PublishTest {
    private TestGateway gateway;
    private FakeControl control;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = TestGateway.in(folder).allowingPorts(1_024, 65_535).start();
        control = gateway.agent("inside-1").connect();
    }

    @AfterEach
    void close() {
        control.close();
        gateway.close();
    }

    @Test
    void a_listener_is_open_when_the_answer_says_so() throws Exception {
        List<ListenerResult> results = control.publish(7, service("files", local(0)));

        Endpoint bound = bound(results.getFirst());
        assertThat(results).containsExactly(new Opened("files", local(0), bound));
        Partner.connect(bound).close();
    }

    @Test
    void publishing_the_same_again_leaves_listeners_as_they_are() throws Exception {
        List<ListenerResult> first = control.publish(1, service("files", local(0)));

        assertThat(control.publish(2, service("files", local(0)))).isEqualTo(first);
    }

    @Test
    void what_is_no_longer_published_is_closed_when_the_answer_comes() throws Exception {
        Endpoint goes =
                bound(
                        control.publish(1, service("stays", local(0)), service("goes", local(0)))
                                .get(1));

        List<ListenerResult> results = control.publish(2, service("stays", local(0)));

        assertThat(results).hasSize(1);
        assertThatThrownBy(() -> Partner.connect(goes)).isInstanceOf(ConnectException.class);
    }

    @Test
    void a_port_that_is_in_use_fails_alone_and_says_why() throws Exception {
        try (var other = new ServerSocket(0, 1, TestGateway.LOCAL)) {
            Endpoint taken = local(other.getLocalPort());

            List<ListenerResult> results =
                    control.publish(1, service("files", taken), service("web", local(0)));

            assertThat(results.getFirst())
                    .isEqualTo(
                            new Failed(
                                    "files",
                                    taken,
                                    "the port is in use on the gateway: stop what uses it, or"
                                            + " choose another port"));
            assertThat(results.getLast()).isInstanceOf(Opened.class);
        }
    }

    @Test
    void what_the_policy_does_not_allow_is_refused() throws Exception {
        assertThat(control.publish(1, service("files", local(22))))
                .containsExactly(
                        new Failed(
                                "files",
                                local(22),
                                "the gateway's policy.listeners does not allow 127.0.0.1:22"));
    }

    @Test
    void where_one_agent_publishes_another_can_not() throws Exception {
        Endpoint place = bound(control.publish(1, service("files", local(0))).getFirst());
        control.publish(2, service("files", place));

        try (FakeControl other = gateway.agent("inside-2").connect()) {
            assertThat(other.publish(1, service("web", place)))
                    .containsExactly(
                            new Failed(
                                    "web",
                                    place,
                                    "agent inside-1 publishes service files there already"));
        }
    }

    private static Endpoint bound(ListenerResult result) {
        return ((Opened) result).bound();
    }
}
