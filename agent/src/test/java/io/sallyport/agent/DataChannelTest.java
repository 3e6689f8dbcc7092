package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeGateway.Offer;
import io.sallyport.agent.peer.Origin;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Ticket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataChannelTest extends AgentBench {
    private static final int BLOCK = 8 * 1024 * 1024;

    /** More than kernels hold of it. */
    private static final int BLOCKS = 8;

    @ParameterizedTest
    @EnumSource
    void one_channel_is_brought_for_each_ticket(ChannelKind kind) throws Exception {
        var control = connected(configuration(files(echo.address())));

        List<Ticket> tickets = control.dial(kind, 100);

        Set<Ticket> shown = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            shown.add(gateway.offer(kind).ticket());
        }
        assertThat(shown).containsExactlyInAnyOrderElementsOf(tickets);
        await().until(() -> fact("warm-channels").equals(100));
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_whose_session_ended_in_order_is_offered_again_at_once(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        Offer first = offered(control, kind);

        Ticket next = runSession(first);
        Offer again = gateway.offer(kind);
        Ticket afterNext = runSession(again);

        assertThat(again).isEqualTo(new Offer(kind, next, first.channel()));
        assertThat(gateway.offer(kind)).isEqualTo(new Offer(kind, afterNext, first.channel()));
        await().until(() -> fact("warm-channels").equals(1));
        assertThat(fact("dials")).isEqualTo(1L);
        assertThat(control.hasAnotherMessage()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_is_not_offered_again_before_the_origin_has_everything(ChannelKind kind)
            throws Exception {
        try (var origin = new Origin()) {
            var control = connected(configuration(files(origin.address())));
            var session = session(control, kind, "files");
            try (Socket connection = origin.accept()) {
                connection.shutdownOutput();
                for (int i = 0; i < BLOCKS; i++) {
                    session.send(new byte[BLOCK]);
                }
                session.end();
                session.awaitEnd();

                await().during(Duration.ofMillis(500))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> !gateway.hasAnotherOffer(kind));
                connection.getInputStream().skipNBytes((long) BLOCKS * BLOCK);
                assertThat(connection.getInputStream().read()).isEqualTo(-1);
                gateway.offer(kind);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_whose_session_was_aborted_by_the_gateway_is_closed(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, kind, "files");
        session.awaitOpened();

        session.reset();

        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(kind)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_whose_session_was_aborted_by_the_agent_is_closed(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = session(control, kind, "web");

        assertThat(session.awaitReset().reason()).isEqualTo(EndReason.SERVICE_UNKNOWN);

        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(kind)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void without_reuse_a_channel_carries_one_session(ChannelKind kind) throws Exception {
        var control = connected(configuration(files(echo.address())).withoutReuse());

        runSession(offered(control, kind));

        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(kind)).isFalse();
    }

    @Test
    void a_channel_carries_a_thousand_sessions() throws Exception {
        var control = connected(configuration(files(echo.address())));
        Offer offer = offered(control, ChannelKind.PLAIN);

        for (int session = 1; session < 1_000; session++) {
            runSession(offer);
            offer = gateway.offer(ChannelKind.PLAIN);
        }
        runSession(offer);

        gateway.awaitDataChannels(0);
        assertThat(gateway.hasAnotherOffer(ChannelKind.PLAIN)).isFalse();
        assertThat(fact("dials")).isEqualTo(1L);
    }

    @Test
    void handshakes_of_data_channels_are_resumed() throws Exception {
        var control = connected(configuration(files(echo.address())).withoutReuse());
        runSession(offered(control, ChannelKind.ENCRYPTED));
        long resumedBefore = gateway.resumedHandshakes();

        runSession(offered(control, ChannelKind.ENCRYPTED));
        runSession(offered(control, ChannelKind.ENCRYPTED));

        assertThat(gateway.resumedHandshakes() - resumedBefore).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_the_gateway_retires_is_no_fault(ChannelKind kind) throws Exception {
        var control = connected(configuration(files(echo.address())));
        Offer offer = offered(control, kind);
        await().until(() -> fact("warm-channels").equals(1));

        offer.retire();

        await().until(() -> fact("warm-channels").equals(0));
        assertThat(control.hasAnotherMessage()).isFalse();
        assertThat(log.lines("data channel not brought")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_was_offered_again_and_is_retired_is_no_fault(ChannelKind kind)
            throws Exception {
        var control = connected(configuration(files(echo.address())));
        runSession(offered(control, kind));

        gateway.offer(kind).retire();

        gateway.awaitDataChannels(0);
        await().until(() -> fact("warm-channels").equals(0));
        assertThat(control.hasAnotherMessage()).isFalse();
    }

    @Test
    void a_channel_that_can_not_be_dialed_is_said_at_once() throws Exception {
        var control = connected(configuration(files(echo.address())));
        gateway.stopListening();

        List<Ticket> tickets = control.dial(ChannelKind.ENCRYPTED, 1);

        String why = "gateway " + gateway.address() + " refused the connection";
        assertThat(control.next(DialFailed.class))
                .isEqualTo(new DialFailed(ChannelKind.ENCRYPTED, tickets, why));
        var line = log.awaitLine("data channel not brought");
        assertThat(line.level()).isEqualTo(Level.WARN);
        assertThat(line.field("error")).isEqualTo(why);
    }

    @Test
    void when_no_channel_can_be_dialed_the_agent_connects_anew() throws Exception {
        var control = connected(configuration(files(echo.address())));
        gateway.stopListening();

        control.dial(ChannelKind.PLAIN, 5);

        for (int i = 0; i < 5; i++) {
            control.next(DialFailed.class);
        }
        assertThat(control.next(Goodbye.class).reason()).isEqualTo(CloseReason.DATA_PATH_FAILED);
        var line = log.awaitLine("gateway given up");
        assertThat(line.level()).isEqualTo(Level.ERROR);
        assertThat(line.field("error"))
                .startsWith("data channels can't be dialed although the control channel lives");
        gateway.listen();
        publishedBy(gateway);
    }

    @Test
    void a_burst_beyond_what_is_dialed_at_once_waits_its_turn() throws Exception {
        var control = connected(configuration(files(echo.address())));

        control.dial(ChannelKind.PLAIN, 300);

        for (int i = 0; i < 300; i++) {
            gateway.offer(ChannelKind.PLAIN);
        }
        await().until(() -> fact("warm-channels").equals(300));
    }

    private Offer offered(FakeControl control, ChannelKind kind) throws InterruptedException {
        Ticket ticket = control.dial(kind, 1).getFirst();
        Offer offer = gateway.offer(kind);
        assertThat(offer.ticket()).isEqualTo(ticket);
        return offer;
    }

    /**
     * Has one session begin and end in order on the channel.
     *
     * @return the ticket that came with it
     */
    private static Ticket runSession(Offer offer) {
        Ticket next = Ticket.random();
        var session = open(offer, "files", next);
        session.send("hello");
        session.end();
        assertThat(session.awaitEnd()).asString().isEqualTo("hello");
        return next;
    }
}
