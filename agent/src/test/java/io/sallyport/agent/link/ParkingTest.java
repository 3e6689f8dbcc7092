package io.sallyport.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParkingTest {
    private final Parking<String> parking = new Parking<>();

    @Test
    void the_one_that_came_last_leaves_first() {
        parking.park("first", 0);
        parking.park("last", 1);

        assertThat(parking.take()).isEqualTo("last");
        assertThat(parking.take()).isEqualTo("first");
        assertThat(parking.take()).isNull();
    }

    @Test
    void those_that_stayed_too_long_are_given_back() {
        parking.park("old", 0);
        parking.park("young", 1);

        assertThat(parking.expire(Parking.STAY.toNanos())).containsExactly("old");
        assertThat(parking.take()).isEqualTo("young");
    }

    @Test
    void it_has_so_many_places_and_no_more() {
        for (int i = 0; i < Parking.PLACES; i++) {
            assertThat(parking.park("channel " + i, 0)).isTrue();
        }

        assertThat(parking.park("one more", 0)).isFalse();
        assertThat(parking.size()).isEqualTo(Parking.PLACES);
    }

    @Test
    void one_that_is_gone_is_not_taken() {
        parking.park("dead", 0);

        parking.remove("dead");

        assertThat(parking.take()).isNull();
    }

    @Test
    void all_can_be_sent_away() {
        parking.park("one", 0);
        parking.park("other", 0);

        assertThat(parking.clear()).containsExactly("one", "other");
        assertThat(parking.size()).isZero();
    }
}
