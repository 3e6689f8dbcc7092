package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a pool makes of channels that come back after a session, and of those that do not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChannelPoolReturnsTest extends ChannelPoolFixture {
    private void aSecondOfSessionsThatGiveBackWhatTheyTake() {
        pool.refill();
        bringAll();
        for (int i = 0; i < 1_000; i++) {
            nanos += Duration.ofMillis(1).toNanos();
            pool.returned(taken());
        }
    }

    private void sessionsOnChannelsOfTheirOwn(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(onChannelOfItsOwn()).isNotNull();
        }
    }

    private Offer onChannelOfItsOwn() {
        pool.offered(new IdleOffer(core));
        return taken();
    }

    @Test
    void if_every_channel_comes_back_no_other_is_dialed_under_a_steady_load() {
        pool.refill();
        bringAll();
        for (int second = 0; second < 30; second++) {
            for (int i = 0; i < 1_000; i++) {
                pool.returned(taken());
            }
            afterSeconds(1);
            assertThat(dialed).isEmpty();
        }
        assertThat(pool.warm()).isEqualTo(4);
    }

    @Test
    void a_channel_that_comes_back_serves_the_partner_who_waits() {
        var first = new Request("192.0.2.1", true);
        pool.request(first);
        pool.offered(new IdleOffer(core));
        var second = new Request("192.0.2.1", true);
        pool.request(second);

        pool.returned(Objects.requireNonNull(first.offer));

        assertThat(second.offer).isSameAs(first.offer);
        assertThat(pool.warm()).isZero();
    }

    @Test
    void who_gets_a_channel_that_comes_back_is_not_dialed_for() {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(new Request("192.0.2.1", true));
            pool.request(requests.getLast());
        }
        int dials = dialed.size();
        bringAll();
        for (Request request : requests) {
            pool.returned(Objects.requireNonNull(request.offer));
        }
        assertThat(pool.waiting()).isZero();
        assertThat(dials + dialed.size()).isEqualTo(8 + 16);
    }

    @Test
    void while_more_come_back_soon_than_wait_the_channels_take_turns_and_no_other_is_dialed() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        sessionsOnChannelsOfTheirOwn(TAKING_TURNS - 4);

        requests(4 + 90);
        assertThat(pool.waiting()).isEqualTo(90);
        assertThat(dialed).isEmpty();

        requests(5);
        assertThat(dialed).isNotEmpty();
    }

    @Test
    void too_few_to_take_turns_are_made_up_one_at_a_time() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        requests(4 + 50);

        List<Integer> rounds = new ArrayList<>();
        while (!dialed.isEmpty()) {
            rounds.add(dialed.size());
            bringAll();
        }

        assertThat(rounds).hasSize(TAKING_TURNS - 4).containsOnly(1);
    }

    @Test
    void a_channel_that_ends_with_its_session_while_none_is_warm_is_replaced_at_once() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        sessionsOnChannelsOfTheirOwn(TAKING_TURNS);
        requests(3);
        Offer last = taken();
        assertThat(pool.warm()).isZero();

        pool.gone(last);

        assertThat(dialed).hasSize(1);
    }

    @Test
    void channels_that_end_together_are_replaced_in_no_larger_rounds_than_others_are_dialed() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        sessionsOnChannelsOfTheirOwn(TAKING_TURNS);
        List<Offer> ending = Stream.generate(this::onChannelOfItsOwn).limit(20).toList();
        pool.tick();
        requests(4 + 50);
        assertThat(dialed).isEmpty();

        ending.forEach(pool::gone);

        assertThat(dialed).hasSize(8);
    }

    @Test
    void one_that_ends_while_others_are_warm_is_not_replaced() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        sessionsOnChannelsOfTheirOwn(TAKING_TURNS);
        requests(2);

        pool.gone(taken());

        assertThat(dialed).isEmpty();
    }

    @Test
    void channels_that_end_when_they_have_carried_their_share_keep_no_partner_waiting() {
        Map<Offer, Integer> carried = new HashMap<>();
        pool.refill();
        bringAll();
        for (int milli = 1; milli <= 10_000; milli++) {
            nanos += Duration.ofMillis(1).toNanos();
            Offer offer = taken();
            if (carried.merge(offer, 1, Integer::sum) == 20) {
                pool.gone(offer);
            } else {
                pool.returned(offer);
            }
            bringAll();
            if (milli % 1_000 == 0) {
                pool.tick();
            }
        }
    }

    @Test
    void if_nothing_has_come_back_of_late_whoever_waits_is_dialed_for_at_once() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        nanos += 2 * RecentReturns.WINDOW.toNanos();

        requests(4 + 5);

        assertThat(dialed).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void what_came_back_before_a_new_control_channel_is_not_waited_for() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        pool.reset();

        requests(5);

        assertThat(dialed).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void whoever_still_waits_at_the_next_tick_is_dialed_for() {
        aSecondOfSessionsThatGiveBackWhatTheyTake();
        requests(4 + 50);

        afterSeconds(1);
        bringRounds();

        assertThat(pool.waiting()).isZero();
    }
}
