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
import io.sallyport.protocol.ControlMessage.OpenPlain;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        return ((ListenerResult.Opened) control.publish(1, service).getFirst()).bound();
    }

    private Endpoint publish(ChannelKind kind) throws Exception {
        return publish(service("files", kind, local(0)));
    }

    /** How the gateway names a session, and the ticket that comes with it. */
    private record Named(SessionOpening opening, Ticket next) {}

    /** Waits for the session that the channel, which was offered with the ticket, is for. */
    private Named named(ChannelKind kind, FakeChannel channel, Ticket ticket) throws Exception {
        return switch (kind) {
            case ENCRYPTED -> {
                Open open = channel.next(Open.class);
                yield new Named(open.opening(), open.next());
            }
            case PLAIN -> {
                OpenPlain open = control.next(OpenPlain.class);
                assertThat(open.ticket()).isEqualTo(ticket);
                yield new Named(open.opening(), open.next());
            }
        };
    }

    /**
     * Has a session begin on the channel, which was offered with the ticket, and end in order.
     *
     * @return the ticket that came with it
     */
    private Ticket runSession(
            ChannelKind kind, Endpoint listener, FakeChannel channel, Ticket ticket)
            throws Exception {
        try (Partner partner = Partner.connect(listener)) {
            Named named = named(kind, channel, ticket);
            assertThat(named.opening().partner()).isEqualTo(partner.address());
            channel.send(new Opened());
            partner.send("hello");
            assertThat(channel.receive()).isEqualTo("hello");
            partner.end();
            channel.next(End.class);
            channel.send("bye");
            channel.send(new End());
            assertThat(partner.receive(4)).isEqualTo("bye");
            return named.next();
        }
    }

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
        try (Partner partner = Partner.connect(listener).send("patient")) {
            Named first = named(kind, lost, ticket);

            lost.close();

            Ticket another = control.ticket();
            try (FakeChannel channel = agent.bring(kind, another)) {
                Named second = named(kind, channel, another);
                assertThat(second.opening()).isEqualTo(first.opening());
                assertThat(second.next()).isNotEqualTo(first.next());
                channel.send(new Opened());
                assertThat(channel.receive()).isEqualTo("patient");
                channel.send("served");
                assertThat(partner.receive(6)).isEqualTo("served");
            }
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
    void a_channel_is_offered_again_with_the_ticket_that_came_with_its_session(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            for (int session = 0; session < 5; session++) {
                ticket = runSession(kind, listener, channel, ticket);
                channel.offer(ticket);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_may_be_offered_again_while_the_partner_has_yet_to_take_the_last_bytes(
            ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        byte[] file = new byte[1024 * 1024];
        int files = 16;
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            Ticket next;
            try (Partner partner = Partner.connect(listener)) {
                next = named(kind, channel, ticket).next();
                channel.send(new Opened());
                partner.end();
                channel.next(End.class);
                var sent =
                        CompletableFuture.runAsync(() -> {
                            try {
                                for (int i = 0; i < files; i++) {
                                    channel.send(file);
                                }
                                channel.send(new End());
                                channel.offer(next);
                            } catch (IOException lost) {
                                throw new UncheckedIOException(lost);
                            }
                        });
                assertThat(partner.receive(files * file.length + 1)).hasSize(files * file.length);
                sent.get();
            }
            runSession(kind, listener, channel, next);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_ticket_that_came_with_a_session_is_taken_on_its_own_channel_only(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            Ticket next = runSession(kind, listener, channel, ticket);

            try (FakeChannel other = agent.bring(kind, next)) {
                other.awaitClosed();
            }

            channel.offer(next);
            runSession(kind, listener, channel, next);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_ticket_that_came_with_a_session_is_taken_once(ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            Ticket next = runSession(kind, listener, channel, ticket);
            channel.offer(next);
            runSession(kind, listener, channel, next);

            channel.offer(next);

            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_a_session_no_ticket_for_a_new_channel_is_taken(ChannelKind kind) throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket)) {
            runSession(kind, listener, channel, ticket);

            channel.offer(control.ticket());

            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_is_not_offered_again_after_its_control_channel_was_lost(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            Ticket next = named(kind, channel, ticket).next();
            channel.send(new Opened());
            control.close();
            control = agent.connect();

            partner.end();
            channel.next(End.class);
            channel.send(new End());
            assertThat(partner.awaitReset()).isFalse();
            channel.offer(next);

            channel.awaitClosed();
        }
    }

    @Test
    void a_channel_that_is_not_offered_again_in_time_is_closed_and_one_that_is_waits()
            throws Exception {
        ChannelKind kind = ChannelKind.PLAIN;
        Endpoint listener = publish(kind);
        Ticket first = control.ticket();
        Ticket second = control.ticket();
        try (FakeChannel silent = agent.bring(kind, first)) {
            runSession(kind, listener, silent, first);
            try (FakeChannel channel = agent.bring(kind, second)) {
                Ticket next = runSession(kind, listener, channel, second);
                channel.offer(next);

                silent.awaitClosed();
                Thread.sleep(Duration.ofSeconds(1));

                runSession(kind, listener, channel, next);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_is_offered_twice_is_closed(ChannelKind kind) throws Exception {
        publish(kind);
        try (FakeChannel channel = agent.bring(kind, control.ticket())) {
            channel.offer(control.ticket());

            channel.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_is_offered_while_it_carries_a_session_is_closed(ChannelKind kind)
            throws Exception {
        Endpoint listener = publish(kind);
        Ticket ticket = control.ticket();
        try (FakeChannel channel = agent.bring(kind, ticket);
                Partner partner = Partner.connect(listener)) {
            Ticket next = named(kind, channel, ticket).next();
            channel.send(new Opened());

            channel.offer(next);

            channel.awaitClosed();
            assertThat(partner.awaitReset()).isTrue();
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
