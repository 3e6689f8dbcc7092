package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecentReturnsTest {
    private static final long WINDOW = RecentReturns.WINDOW.toNanos();
    private static final long BEGIN = Long.MAX_VALUE - WINDOW / 2;

    private final RecentReturns returns = new RecentReturns(BEGIN);

    private void add(int count, long nowNanos) {
        for (int i = 0; i < count; i++) {
            returns.add(nowNanos);
        }
    }

    @Test
    void as_many_are_expected_as_came_in_the_window_less_a_few() {
        add(100, BEGIN);
        assertThat(returns.expected(BEGIN + WINDOW - 1)).isEqualTo(100 - 8);
    }

    @Test
    void a_window_that_has_just_begun_does_not_hide_the_one_before() {
        add(100, BEGIN);
        add(20, BEGIN + WINDOW);
        assertThat(returns.expected(BEGIN + WINDOW)).isEqualTo(100 - 8);
    }

    @Test
    void what_came_two_windows_ago_is_forgotten() {
        add(100, BEGIN);
        assertThat(returns.expected(BEGIN + 2 * WINDOW)).isZero();
    }

    @Test
    void to_ask_in_between_makes_it_forget_no_later() {
        add(100, BEGIN);
        assertThat(returns.expected(BEGIN + 2 * WINDOW - 1)).isEqualTo(100 - 8);
        assertThat(returns.expected(BEGIN + 2 * WINDOW)).isZero();
    }

    @Test
    void a_few_are_not_counted_on() {
        add(8, BEGIN);
        assertThat(returns.expected(BEGIN)).isZero();
    }
}
