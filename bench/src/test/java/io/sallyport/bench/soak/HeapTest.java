package io.sallyport.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeapTest {
    @Test
    void it_is_from_its_first_generation_to_its_last() {
        String info =
                """
                DefNew     total 9792K, used 100K [0xe0000000, 0xe0aa0000, 0xeaaa0000)
                 eden space 8704K,  60% used [0xe0000000, 0xe051c7e8, 0xe0880000)
                Tenured    total 21888K, used 2000K [0xeaaa0000, 0xec000000, 0x100000000)
                 Metaspace used 9000K, committed 9500K, reserved 1114112K
                """;

        assertThat(Heap.of(info)).isEqualTo(new Heap(2100, 0xe0000000L, 0x100000000L));
    }

    @Test
    void what_names_none_is_no_measurement() {
        assertThatThrownBy(() -> Heap.of("42: No such process"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
