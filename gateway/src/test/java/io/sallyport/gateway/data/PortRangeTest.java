package io.sallyport.gateway.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.DataPorts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PortRangeTest {
    private static final DataPorts PORTS = new DataPorts(false, 50_000, 50_099);
    private final PortRange range = new PortRange(PORTS, new Random(1));

    @Test
    void lends_every_port_once_and_then_none() {
        List<Integer> lent = lend(PORTS.count());

        assertThat(lent).doesNotHaveDuplicates().allMatch(PORTS::contains);
        assertThat(range.lend()).isEmpty();
        assertThat(range.lent()).isEqualTo(PORTS.count());
    }

    @Test
    void lends_in_no_order_that_can_be_guessed() {
        assertThat(lend(PORTS.count()))
                .isNotEqualTo(lendAllOf(new PortRange(PORTS, new Random(2))));
    }

    @Test
    void a_port_that_was_given_back_is_lent_after_all_others() {
        int first = range.lend().orElseThrow();
        range.giveBack(first);

        List<Integer> next = lend(PORTS.count());
        assertThat(new HashSet<>(next)).hasSize(PORTS.count());
        assertThat(next.getLast()).isEqualTo(first);
    }

    @Test
    void says_that_it_runs_low_before_it_has_run_out() {
        lend(90);
        assertThat(range.isLow()).isFalse();
        lend(1);
        assertThat(range.isLow()).isTrue();
        assertThat(range.lend()).isNotEmpty();
    }

    private List<Integer> lend(int count) {
        return IntStream.range(0, count).mapToObj(_ -> range.lend().orElseThrow()).toList();
    }

    private static List<Integer> lendAllOf(PortRange other) {
        var lent = new ArrayList<Integer>();
        for (var port = other.lend(); port.isPresent(); port = other.lend()) {
            lent.add(port.getAsInt());
        }
        return lent;
    }
}
