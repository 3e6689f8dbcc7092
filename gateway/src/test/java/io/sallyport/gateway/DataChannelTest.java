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
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult.Opened;
import io.sallyport.protocol.RawPreamble;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tickets, the data channels that are brought for them, and partners who wait for one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class DataChannelTest {
    private static final int PARKED_MAX = 30;

    /** What is kept warm without any demand. */
    private static final int WARM = 4;

    private TestGateway gateway;
    private FakeAgent agent;
    private FakeControl control;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = TestGateway.in(folder).parking(PARKED_MAX, Duration.ofSeconds(4)).start();
        agent = gateway.agent("inside-1");
        control = agent.connect();
    }

    @AfterEach
    void close() {
        control.close();
        gateway.close();
    }

    private Endpoint publish(ServiceSpec service) throws Exception {
        return ((Opened) control.publish(1, service).getFirst()).bound();
    }

    @Test
    void a_framed_data_channel_carries_the_session_that_it_was_brought_for() throws Exception {
        Endpoint listener = publish(service("files", local(0)));
        try (FakeChannel channel = agent.bring(control.ticket());
                Partner partner = Partner.connect(listener)) {
            SessionOpening opening = channel.open();
            assertThat(opening.service()).isEqualTo("files");
            assertThat(opening.partner()).isEqualTo(partner.address());
            assertThat(opening.reached()).isEqualTo(listener);

            partner.send("hello");
            assertThat(channel.receive()).isEqualTo("hello");
            channel.send("welcome");
            assertThat(partner.receive(7)).isEqualTo("welcome");
        }
    }

    @Test
    void a_raw_data_channel_gets_its_session_by_the_control_channel() throws Exception {
        Endpoint listener = publish(service("files", ChannelKind.RAW, local(0)));
        Ticket ticket = control.ticket();
        try (Partner channel = agent.bringRaw(ticket);
                Partner partner = Partner.connect(listener)) {
            OpenRaw open = control.next(OpenRaw.class);
            assertThat(open.ticket()).isEqualTo(ticket);
            assertThat(open.opening().partner()).isEqualTo(partner.address());

            channel.send(new byte[] {RawPreamble.OPENED_BYTE});
            partner.send("hello");
            assertThat(channel.receive(5)).isEqualTo("hello");
            channel.send("welcome");
            assertThat(partner.receive(7)).isEqualTo("welcome");
        }
    }

    @Test
    void a_partner_who_waits_is_served_as_soon_as_a_channel_comes() throws Exception {
        Endpoint listener = publish(service("files", local(0)));
        try (Partner partner = Partner.connect(listener).send("waiting");
                FakeChannel channel = agent.bring(control.ticket())) {
            assertThat(channel.open().partner()).isEqualTo(partner.address());
            assertThat(channel.receive()).isEqualTo("waiting");
        }
    }

    @Test
    void a_partner_for_whom_no_channel_comes_is_reset_at_the_deadline() throws Exception {
        Endpoint listener = publish(service("files", local(0)));
        try (Partner partner = Partner.connect(listener)) {
            assertThat(partner.awaitReset()).isTrue();
        }
    }

    @Test
    void partners_wait_up_to_the_limit_and_channels_are_asked_for_accordingly() throws Exception {
        Endpoint listener = publish(service("files", local(0)));
        List<Partner> partners = new ArrayList<>();
        for (int number = 0; number < PARKED_MAX; number++) {
            partners.add(Partner.connect(listener));
        }
        try (Partner oneTooMany = Partner.connect(listener)) {
            assertThat(oneTooMany.awaitReset()).isTrue();
        }

        await().until(() -> control.ticketsLeft() >= PARKED_MAX);
        assertThat(control.ticketsLeft()).isLessThanOrEqualTo(2 * PARKED_MAX + WARM);
        partners.forEach(Partner::close);
    }

    @Test
    void a_ticket_is_taken_once() throws Exception {
        Endpoint listener = publish(service("files", local(0)));
        Ticket ticket = control.ticket();
        try (FakeChannel first = agent.bring(ticket);
                Partner partner = Partner.connect(listener)) {
            assertThat(first.open().partner()).isEqualTo(partner.address());
            try (FakeChannel second = agent.bring(ticket)) {
                second.awaitClosed();
            }
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void a_ticket_that_was_never_issued_is_not_taken() throws Exception {
        publish(service("files", local(0)));
        try (FakeChannel channel = agent.bring(Ticket.random())) {
            channel.awaitClosed();
        }
        try (Partner raw = agent.bringRaw(Ticket.random())) {
            assertThat(raw.awaitReset()).isTrue();
        }
    }

    @Test
    void a_ticket_of_another_agent_is_not_taken() throws Exception {
        publish(service("files", local(0)));
        try (FakeControl _ = gateway.agent("inside-2").connect();
                FakeChannel channel = gateway.agent("inside-2").bring(control.ticket())) {
            channel.awaitClosed();
        }
    }

    @Test
    void tickets_of_a_lost_control_channel_are_not_taken() throws Exception {
        publish(service("files", local(0)));
        Ticket old = control.ticket();
        control.close();
        try (FakeControl _ = agent.connect();
                FakeChannel channel = agent.bring(old)) {
            channel.awaitClosed();
        }
    }

    @Test
    void a_ticket_that_ran_out_is_replaced_and_not_taken_any_more() throws Exception {
        publish(service("files", local(0)));
        Ticket old = control.ticket();
        for (int number = 1; number < WARM; number++) {
            control.ticket();
        }

        Ticket next = control.ticket();

        try (FakeChannel late = agent.bring(old);
                FakeChannel inTime = agent.bring(next)) {
            late.awaitClosed();
            assertThat(inTime.isOpen()).isTrue();
        }
    }
}
