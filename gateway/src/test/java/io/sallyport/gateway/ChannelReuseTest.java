package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.gateway.peer.FakeChannel;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A data channel carries one session after the other. */
class ChannelReuseTest extends DataChannelBench {
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
                await().during(Duration.ofSeconds(1)).until(channel::isOpen);

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
}
