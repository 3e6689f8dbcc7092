package io.sallyport.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SummaryTest {
    @Test
    void the_median_of_an_odd_count_is_the_one_in_the_middle() {
        assertThat(Summary.of(List.of(9.0, 1.0, 2.0))).contains(new Summary(3, 2, 1, 9));
    }

    @Test
    void the_median_of_an_even_count_is_between_the_two_in_the_middle() {
        assertThat(Summary.of(List.of(4.0, 1.0, 2.0, 9.0))).contains(new Summary(4, 3, 1, 9));
    }

    @Test
    void what_is_not_a_number_does_not_count() {
        assertThat(Summary.of(List.of(Double.NaN, 5.0))).contains(new Summary(1, 5, 5, 5));
        assertThat(Summary.of(List.of(Double.NaN))).isEmpty();
    }

    @Test
    void a_single_number_has_no_range() {
        assertThat(new Summary(1, 1234.5, 1234.5, 1234.5).text(1)).isEqualTo("1,234.5");
        assertThat(new Summary(3, 2, 1, 9).text(0)).isEqualTo("2 (1–9)");
    }
}
