package io.sallyport.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcStatTest {
    @Test
    void the_time_of_a_process_is_its_own_and_that_of_its_ended_children() {
        String stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 7 5 3 2 20 0 1 0 100 0 0";

        assertThat(ProcStat.ticks(stat)).isEqualTo(7 + 5 + 3 + 2);
    }

    @Test
    void sizes_are_found_by_their_whole_name() {
        String rollup = "0-1 ---p [rollup]\nRss:    900 kB\nPss:    200 kB\nPss_Anon:   7 kB\n";

        assertThat(ProcStat.kib(rollup, "Pss")).isEqualTo(200);
        assertThat(ProcStat.kib(rollup, "Swap")).isZero();
    }

    @Test
    void memory_is_counted_outside_a_range_of_addresses() {
        String smaps =
                """
                1000-2000 rw-p 00000000 00:00 0
                Pss:                  10 kB
                Pss_Dirty:             9 kB
                2000-3000 rw-p 00000000 00:00 0
                Pss:                 200 kB
                3000-4000 r-xp 00000000 08:01 42    /usr/lib/x.so
                Pss:                   3 kB
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]
                Pss:                   0 kB
                """;

        assertThat(ProcStat.pssKibOutside(smaps, 0x2000, 0x3000)).isEqualTo(10 + 3);
    }

    @Test
    void waiting_and_idle_processors_are_not_busy() {
        String stat = "cpu  10 1 20 1000 500 2 3 4 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";

        assertThat(ProcStat.processors(stat))
                .isEqualTo(new ProcStat.Processors(10 + 1 + 20 + 2 + 3, 4));
    }

    @Test
    void this_process_takes_time_and_memory_and_has_descriptors() {
        var self = new ProcessTree(List.of(ProcessHandle.current()));

        assertThat(self.cpuSeconds()).isPositive();
        assertThat(self.pssKib()).isPositive();
        assertThat(self.descriptors()).isPositive();
    }
}
