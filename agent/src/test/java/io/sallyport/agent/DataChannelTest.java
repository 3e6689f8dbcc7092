package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.sallyport.agent.peer.FakeGateway.FramedOffer;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.Ticket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataChannelTest extends AgentBench {

    @Test
    void one_channel_is_brought_for_each_ticket() throws Exception {
        var control = connected(configuration(files(echo.address())));

        List<Ticket> tickets = control.dial(ChannelKind.FRAMED, 100);

        Set<Ticket> shown = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            shown.add(gateway.framedOffer().ticket());
        }
        assertThat(shown).containsExactlyInAnyOrderElementsOf(tickets);
        await().until(() -> fact("warm-channels").equals(100));
    }

    @Test
    void a_connection_whose_session_ended_in_order_carries_the_next_one() throws Exception {
        var control = connected(configuration(files(echo.address())));
        FramedOffer first = runSession(control.dial(ChannelKind.FRAMED, 1).getFirst());
        await().until(() -> fact("parked-channels").equals(1));

        Ticket next = control.dial(ChannelKind.FRAMED, 1).getFirst();
        FramedOffer second = runSession(next);

        assertThat(second.channel()).isSameAs(first.channel());
        assertThat(fact("dials")).isEqualTo(1L);
    }

    @Test
    void a_connection_whose_session_was_aborted_carries_no_other() throws Exception {
        var control = connected(configuration(files(echo.address())));
        var session = framed(control, "files");
        session.awaitOpened();

        session.reset();

        gateway.awaitDataChannels(0);
        assertThat(fact("parked-channels")).isEqualTo(0);
    }

    @Test
    void without_reuse_a_connection_carries_one_session() throws Exception {
        var control = connected(configuration(files(echo.address())).withoutReuse());

        runSession(control.dial(ChannelKind.FRAMED, 1).getFirst());

        gateway.awaitDataChannels(0);
    }

    @Test
    void handshakes_of_data_channels_are_resumed() throws Exception {
        var control = connected(configuration(files(echo.address())).withoutReuse());
        runSession(control.dial(ChannelKind.FRAMED, 1).getFirst());
        long resumedBefore = gateway.resumedHandshakes();

        runSession(control.dial(ChannelKind.FRAMED, 1).getFirst());
        runSession(control.dial(ChannelKind.FRAMED, 1).getFirst());

        assertThat(gateway.resumedHandshakes() - resumedBefore).isEqualTo(2);
    }

    @Test
    void a_channel_that_the_gateway_retires_is_no_fault() throws Exception {
        var control = connected(configuration(files(echo.address())));
        control.dial(ChannelKind.FRAMED, 1);
        FramedOffer offer = gateway.framedOffer();
        await().until(() -> fact("warm-channels").equals(1));

        offer.channel().loop().execute(offer.channel()::close);

        await().until(() -> fact("warm-channels").equals(0));
        assertThat(control.hasAnotherMessage()).isFalse();
        assertThat(log.lines("data channel not brought")).isEmpty();
    }

    @Test
    void a_channel_that_can_not_be_dialed_is_said_at_once() throws Exception {
        var control = connected(configuration(files(echo.address())));
        gateway.stopListening();

        List<Ticket> tickets = control.dial(ChannelKind.FRAMED, 1);

        String why = "gateway " + gateway.address() + " refused the connection";
        assertThat(control.next(DialFailed.class))
                .isEqualTo(new DialFailed(ChannelKind.FRAMED, tickets, why));
        var line = log.awaitLine("data channel not brought");
        assertThat(line.level()).isEqualTo(Level.WARN);
        assertThat(line.field("error")).isEqualTo(why);
    }

    @Test
    void when_no_channel_can_be_dialed_the_agent_connects_anew() throws Exception {
        var control = connected(configuration(files(echo.address())));
        gateway.stopListening();

        control.dial(ChannelKind.RAW, 5);

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

        control.dial(ChannelKind.RAW, 300);

        for (int i = 0; i < 300; i++) {
            gateway.rawOffer();
        }
        await().until(() -> fact("warm-channels").equals(300));
    }

    /** Takes the channel for the ticket, and has one session begin and end on it in order. */
    private FramedOffer runSession(Ticket ticket) throws InterruptedException {
        FramedOffer offer = gateway.framedOffer();
        assertThat(offer.ticket()).isEqualTo(ticket);
        var session = FakeSession.open(offer, FakeSession.opening("files"));
        session.send("hello");
        session.end();
        assertThat(session.awaitEnd()).asString().isEqualTo("hello");
        return offer;
    }
}
