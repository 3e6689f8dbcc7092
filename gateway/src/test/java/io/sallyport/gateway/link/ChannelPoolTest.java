package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChannelPoolTest extends ChannelPoolFixture {
    @Test
    void a_few_channels_are_kept_warm_before_anyone_comes() {
        pool.refill();
        assertThat(dialed).hasSize(4);
        bringAll();
        assertThat(pool.warm()).isEqualTo(4);
        pool.refill();
        assertThat(dialed).isEmpty();
    }

    @Test
    void a_ticket_is_taken_once() {
        pool.refill();
        Ticket ticket = dialed.getFirst();
        assertThat(pool.redeem(ticket)).isTrue();
        assertThat(pool.redeem(ticket)).isFalse();
        assertThat(pool.redeem(Ticket.random())).isFalse();
    }

    @Test
    void a_ticket_that_is_not_used_runs_out_and_is_counted_and_replaced() {
        pool.refill();
        Ticket ticket = dialed.getFirst();
        nanos += Protocol.TICKET_LIFETIME.toNanos();
        assertThat(pool.tick()).isEqualTo(4);
        assertThat(pool.redeem(ticket)).isFalse();
        assertThat(dialed).hasSize(8);
    }

    @Test
    void a_partner_without_a_warm_channel_gets_the_first_that_comes() {
        var request = new Request("192.0.2.1", true);
        pool.request(request);
        assertThat(request.taken).isZero();
        assertThat(dialed).hasSize(5);
        bringAll();
        assertThat(request.taken).isEqualTo(1);
        assertThat(pool.warm()).isEqualTo(4);
    }

    @Test
    void a_partner_that_gave_up_leaves_its_channel_to_the_next() {
        var gone = new Request("192.0.2.1", false);
        var next = new Request("192.0.2.1", true);
        pool.request(gone);
        pool.request(next);
        pool.offered(new IdleOffer(core));
        assertThat(next.taken).isEqualTo(1);
        assertThat(pool.warm()).isZero();
    }

    @Test
    void a_cancelled_partner_is_asked_no_more() {
        var request = new Request("192.0.2.1", true);
        pool.request(request);
        pool.cancel(request);
        bringAll();
        assertThat(request.taken).isZero();
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void if_no_channel_comes_back_there_is_about_one_dial_a_session_under_a_steady_load() {
        int sessions = 0;
        int dials = 0;
        for (int second = 0; second < 30; second++) {
            for (int i = 0; i < 100; i++) {
                pool.request(new Request("192.0.2.1", true));
                sessions++;
                dials += dialed.size();
                bringAll();
            }
            afterSeconds(1);
            dials += dialed.size();
            bringAll();
        }
        assertThat((double) dials / sessions).isBetween(0.9, 1.2);
    }

    @Test
    void the_demand_is_what_did_not_come_back() {
        pool.refill();
        bringAll();
        for (int i = 0; i < 140; i++) {
            var request = new Request("192.0.2.1", true);
            pool.request(request);
            bringAll();
            if (i >= 40) {
                pool.returned(Objects.requireNonNull(request.offer));
            }
        }
        afterSeconds(1);
        bringRounds();
        // A few, and those of a quarter of a second at 40 a second; more than half of that is
        // enough.
        assertThat(pool.warm()).isBetween(8, 15);
    }

    @Test
    void of_the_channels_of_a_loop_the_one_used_last_is_taken() {
        var first = new IdleOffer(core);
        var last = new IdleOffer(core);
        pool.returned(first);
        pool.returned(last);

        assertThat(taken()).isSameAs(last);
        assertThat(taken()).isSameAs(first);
    }

    @Test
    void a_channel_of_the_loop_that_carries_the_fewest_sessions_is_taken() {
        var ofCore = new IdleOffer(core);
        var ofOther = new IdleOffer(other);
        loads.begin(core);
        pool.returned(ofOther);
        pool.returned(ofCore);

        assertThat(taken()).isSameAs(ofOther);
        assertThat(taken()).isSameAs(ofCore);
    }

    @Test
    void of_loops_that_carry_the_same_the_core_loop_is_the_first() {
        var ofCore = new IdleOffer(core);
        var ofOther = new IdleOffer(other);
        loads.begin(other);
        loads.end(other);
        pool.returned(ofCore);
        pool.returned(ofOther);

        assertThat(taken()).isSameAs(ofCore);
        assertThat(taken()).isSameAs(ofOther);
    }

    @Test
    void of_channels_that_come_back_no_more_are_kept_than_may_be_warm() {
        List<IdleOffer> channels = new ArrayList<>();
        for (int i = 0; i < WARM_MAX + 3; i++) {
            channels.add(new IdleOffer(core));
            pool.returned(channels.getLast());
        }

        assertThat(pool.warm()).isEqualTo(WARM_MAX);
        assertThat(channels.stream().filter(channel -> channel.isRetired())).hasSize(3);
    }

    @Test
    void demand_raises_what_is_kept_warm_up_to_the_bound_and_its_end_lowers_it_again() {
        for (int i = 0; i < 10_000; i++) {
            pool.request(new Request("192.0.2.1", true));
            bringAll();
        }
        afterSeconds(1);
        bringRounds();
        assertThat(pool.warm()).isGreaterThan(WARM_MAX / 2).isLessThanOrEqualTo(WARM_MAX);
        afterSeconds(120);
        assertThat(pool.warm()).isLessThanOrEqualTo(5);
    }

    @Test
    void what_is_warm_beyond_the_demand_ends_after_a_while_the_oldest_first() {
        List<IdleOffer> channels = new ArrayList<>();
        for (EventLoop loop : List.of(other, core, core, other, core, other)) {
            channels.add(new IdleOffer(loop));
            pool.returned(channels.getLast());
            nanos += Duration.ofSeconds(1).toNanos();
        }
        pool.tick();
        assertThat(pool.warm()).isEqualTo(6);

        nanos += ChannelPool.SURPLUS_LIFE.toNanos();
        pool.tick();

        assertThat(channels.stream().map(IdleOffer::isRetired))
                .containsExactly(true, true, false, false, false, false);
    }

    @Test
    void without_its_control_channel_an_agents_warm_channels_end() {
        var channels = List.of(new IdleOffer(core), new IdleOffer(other));
        channels.forEach(pool::returned);
        pool.reset();

        assertThat(channels).allMatch(IdleOffer::isRetired);
    }

    @Test
    void many_who_wait_are_dialed_for_in_rounds_that_double() {
        requests(1_000);
        List<Integer> rounds = new ArrayList<>();
        while (pool.waiting() > 0) {
            rounds.add(dialed.size());
            bringAll();
        }
        assertThat(rounds).startsWith(8, 16, 32, 64, 128, 256);
    }

    @Test
    void a_round_of_dials_is_small_again_when_all_have_come_or_one_has_failed() {
        requests(40);
        bringAll();
        assertThat(dialed).hasSize(16);
        pool.failed(List.copyOf(dialed));
        dialed.clear();
        afterSeconds(1);
        assertThat(dialed).hasSize(8);
    }

    @Test
    void a_dial_that_failed_is_repeated_at_the_next_tick_not_at_once() {
        pool.refill();
        List<Ticket> failed = List.copyOf(dialed);
        dialed.clear();
        pool.failed(failed);
        assertThat(dialed).isEmpty();
        afterSeconds(1);
        assertThat(dialed).hasSize(4);
    }

    @Test
    void a_new_control_channel_starts_with_no_tickets_and_no_channels_but_with_those_who_wait() {
        pool.refill();
        Ticket old = dialed.getFirst();
        bringAll();
        var request = new Request("192.0.2.1", false);
        for (int i = 0; i < 5; i++) {
            pool.request(request);
        }
        pool.reset();
        assertThat(pool.redeem(old)).isFalse();
        assertThat(pool.warm()).isZero();
    }

    @Test
    void addresses_take_turns() {
        List<String> served = new ArrayList<>();
        for (String address : List.of("192.0.2.1", "192.0.2.1", "192.0.2.1", "198.51.100.9")) {
            pool.request(
                    new ChannelRequest() {
                        @Override
                        public InetAddress partnerAddress() {
                            return InetAddress.ofLiteral(address);
                        }

                        @Override
                        public boolean take(Offer offer) {
                            served.add(address);
                            return true;
                        }
                    });
        }
        bringAll();
        assertThat(served).containsExactly("192.0.2.1", "198.51.100.9", "192.0.2.1", "192.0.2.1");
    }
}
