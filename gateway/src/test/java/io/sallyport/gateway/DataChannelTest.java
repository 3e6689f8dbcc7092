package io.sallyport.gateway;

import static io.sallyport.gateway.peer.TestGateway.local;
import static io.sallyport.gateway.peer.TestGateway.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.peer.FakeChannel;
import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tickets, the data channels that are brought for them, and partners who wait for one. */
class DataChannelTest extends DataChannelBench {
    @ParameterizedTest
    @EnumSource
    void a_data_channel_carries_the_session_that_it_was_brought_for(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            SessionOpening opening = named(kind, channel, ticket).opening();
            assertThat(opening.service()).isEqualTo("files");
            assertThat(opening.partner()).isEqualTo(partner.address());
            assertThat(opening.reached()).isEqualTo(listener);
            channel.send(new Opened());

            partner.send("hello");
            assertThat(channel.receive()).isEqualTo("hello");
            channel.send("welcome");
            assertThat(partner.receive(7)).isEqualTo("welcome");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_partner_who_waits_is_served_as_soon_as_a_channel_comes(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (Partner partner = Partner.connect(listener).send("waiting");
                FakeChannel channel = agent.bring(kind, ticket)) {
            assertThat(named(kind, channel, ticket).opening().partner())
                    .isEqualTo(partner.address());
            channel.send(new Opened());
            assertThat(channel.receive()).isEqualTo("waiting");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_partner_whose_channel_is_lost_before_its_origin_is_connected_is_served_on_another(
            ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        FakeChannel lost = agent.bring(kind, ticket);
        try (Partner partner = Partner.connect(listener)) {
            Named first = named(kind, lost, ticket);

            lost.close();

            Ticket another = control.ticket();
            try (FakeChannel channel = agent.bring(kind, another)) {
                Named second = named(kind, channel, another);
                assertThat(second.opening()).isEqualTo(first.opening());
                assertThat(second.next()).isNotEqualTo(first.next());
                channel.send(new Opened());
                partner.send("patient");
                assertThat(channel.receive()).isEqualTo("patient");
                channel.send("served");
                assertThat(partner.receive(6)).isEqualTo("served");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_partner_sends_first_does_not_wait_for_its_origin(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener).send("early")) {
            named(kind, channel, ticket);
            assertThat(channel.receive()).isEqualTo("early");
            channel.send(new Opened());
            partner.send("late");
            assertThat(channel.receive()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_partner_sent_goes_to_one_channel_only(ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        FakeChannel lost = agent.bring(kind, ticket);
        try (Partner partner = Partner.connect(listener).send("pay")) {
            named(kind, lost, ticket);
            assertThat(lost.receive()).isEqualTo("pay");

            lost.close();

            assertThat(partner.awaitReset()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_the_agent_refuses_is_a_reset_for_the_partner(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            named(kind, channel, ticket);

            channel.send(new Reset(EndReason.ORIGIN_REFUSED, "the origin is down"));

            assertThat(partner.awaitReset()).isTrue();
            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_partner_that_resets_is_a_reset_on_the_channel_which_is_closed_then(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            try (Partner partner = Partner.connect(listener)) {
                named(kind, channel, ticket);
                channel.send(new Opened());
                partner.send("x");
                assertThat(channel.receive()).isEqualTo("x");
                partner.reset();
            }
            assertThat(channel.next(Reset.class).reason()).isEqualTo(EndReason.PARTNER_RESET);
            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_origin_is_connected_once(ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            named(kind, channel, ticket);
            channel.send(new Opened());

            channel.send(new Opened());

            channel.awaitClosed();
            assertThat(partner.awaitReset()).isTrue();
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
    void partners_wait_up_to_the_limit_and_a_channel_is_asked_for_for_each() throws Exception {
        Endpoint listener = publish(ChannelKind.ENCRYPTED);
        List<Partner> partners = new ArrayList<>();
        List<Endpoint> opened = new ArrayList<>();
        for (int number = 0; number < PARKED_MAX; number++) {
            partners.add(Partner.connect(listener));
        }
        try (Partner oneTooMany = Partner.connect(listener)) {
            assertThat(oneTooMany.awaitReset()).isTrue();
        }

        for (int number = 0; number < PARKED_MAX; number++) {
            Ticket ticket = control.ticket();
            try (FakeChannel channel = agent.bring(ChannelKind.ENCRYPTED, ticket)) {
                opened.add(named(ChannelKind.ENCRYPTED, channel, ticket).opening().partner());
                channel.send(new Opened());
            }
        }
        assertThat(opened)
                .containsExactlyInAnyOrderElementsOf(
                        partners.stream().map(Partner::address).toList());
        partners.forEach(Partner::close);
    }

    @ParameterizedTest
    @EnumSource
    void a_ticket_is_taken_once(ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel first = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            assertThat(named(kind, first, ticket).opening().partner()).isEqualTo(partner.address());
            try (FakeChannel second = agent.bring(kind, ticket)) {
                second.awaitClosed();
            }
            assertThat(first.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_ticket_that_was_never_issued_is_not_taken(ChannelKind kind) throws Exception {
        publish(kind);
        try (FakeChannel channel = agent.bring(kind, Ticket.random())) {
            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_ticket_is_not_taken_on_a_channel_of_the_other_kind(ChannelKind kind) throws Exception {
        publish(kind);
        ChannelKind other = kind == ChannelKind.PLAIN ? ChannelKind.ENCRYPTED : ChannelKind.PLAIN;
        try (FakeChannel channel = agent.bring(other, control.ticket())) {
            channel.awaitClosed();
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

    @ParameterizedTest
    @EnumSource
    void tickets_of_a_lost_control_channel_are_not_taken(ChannelKind kind) throws Exception {
        publish(kind);
        Ticket old = control.ticket();
        control.close();
        try (FakeControl _ = agent.connect();
                FakeChannel channel = agent.bring(kind, old)) {
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
