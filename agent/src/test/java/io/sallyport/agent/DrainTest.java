package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.agent.peer.FakeSession;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Ticket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrainTest extends AgentBench {

    @Test
    void the_gateway_is_told_goodbye_and_keeps_the_listeners() throws Exception {
        var control = connected(configuration(files(echo.address())));

        assertThat(agent.drain(Duration.ofSeconds(10))).isTrue();

        assertThat(control.next(Goodbye.class).reason()).isEqualTo(CloseReason.STOPPING);
        control.awaitClosed();
        assertThat(control.hasAnotherMessage()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_running_session_may_end_by_itself_and_its_channel_is_closed_then(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, kind, "files");
        session.awaitOpened();

        var drained = drain(Duration.ofSeconds(20));
        control.next(Goodbye.class);
        session.send("the rest");
        session.end();

        assertThat(session.awaitEnd()).asString().isEqualTo("the rest");
        assertThat(drained.join()).isTrue();
        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(kind)).isFalse();
    }

    @Test
    void what_has_not_ended_in_time_is_reset() throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, "files");
        session.awaitOpened();

        assertThat(agent.drain(Duration.ofMillis(200))).isFalse();

        assertThat(session.awaitReset())
                .isEqualTo(new FakeSession.Reset(EndReason.SHUTDOWN, "the agent was stopped"));
        assertThat(log.awaitLine("session ended").field("reason")).isEqualTo("shutdown");
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_crosses_the_goodbye_is_served(ChannelKind kind) throws Exception {
        var control = connected(configuration(files(echo.address())));
        control.dial(kind, 1);
        var offer = gateway.offer(kind);
        await().until(() -> fact("warm-channels").equals(1));

        var drained = drain(Duration.ofSeconds(20));
        control.next(Goodbye.class);
        var session = open(offer, "files", Ticket.random());
        session.send("just in time");
        session.end();

        assertThat(session.awaitEnd()).asString().isEqualTo("just in time");
        assertThat(drained.join()).isTrue();
    }

    @Test
    void channels_that_the_gateway_does_not_close_are_closed_soon() throws Exception {
        var control = connected(configuration(files(echo.address())));
        control.dial(ChannelKind.ENCRYPTED, 2);
        control.dial(ChannelKind.PLAIN, 2);
        gateway.awaitDataChannels(4);
        await().until(() -> fact("warm-channels").equals(4));

        assertThat(agent.drain(Duration.ofSeconds(20))).isTrue();

        gateway.awaitDataChannels(0);
    }

    @Test
    void nothing_is_left_when_the_agent_is_closed() throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, "files");
        session.awaitOpened();
        control.dial(ChannelKind.ENCRYPTED, 2);
        gateway.awaitDataChannels(3);

        agent.close();

        gateway.awaitDataChannels(0);
        control.awaitClosed();
        session.awaitReset();
    }

    private CompletableFuture<Boolean> drain(Duration patience) {
        return CompletableFuture.supplyAsync(() -> agent.drain(patience));
    }
}
