package io.sallyport.relay.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(OS.LINUX)
class PipesTest {
    private static final int KIB = 1024;

    @Test
    void the_more_pipes_are_lent_the_smaller_are_the_next_until_there_are_none() {
        var pipes = new Pipes(List.of(new Pipes.Share(2, 256 * KIB), new Pipes.Share(1, 64 * KIB)));
        assertThat(borrowed(pipes, 3))
                .extracting(Pipe::capacity)
                .containsExactly(256 * KIB, 256 * KIB, 64 * KIB);
        assertThat(pipes.canLend()).isFalse();
        assertThat(pipes.borrow()).isNull();
    }

    @Test
    void a_pipe_that_was_given_back_is_lent_again_the_largest_first() {
        var pipes = new Pipes(List.of(new Pipes.Share(1, 256 * KIB), new Pipes.Share(1, 64 * KIB)));
        List<Pipe> lent = borrowed(pipes, 2);
        pipes.giveBack(lent.get(0));
        pipes.giveBack(lent.get(1));
        assertThat(pipes.borrow()).isSameAs(lent.get(0));
        assertThat(pipes.borrow()).isSameAs(lent.get(1));
        pipes.close();
    }

    @Test
    void a_pipe_that_the_kernel_refuses_to_resize_is_used_as_it_is() {
        var pipes = new Pipes(List.of(new Pipes.Share(1, -1)));
        assertThat(borrowed(pipes, 1)).extracting(Pipe::capacity).containsExactly(64 * KIB);
    }

    @Test
    void a_pipe_that_comes_too_small_to_be_worth_while_is_not_lent_and_not_asked_for_at_once() {
        var pipes = new Pipes(List.of(new Pipes.Share(1, 8 * KIB)));
        assertThat(pipes.canLend()).isTrue();
        assertThat(pipes.borrow()).isNull();
        assertThat(pipes.canLend()).isFalse();
    }

    private static List<Pipe> borrowed(Pipes pipes, int count) {
        List<Pipe> lent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lent.add(Objects.requireNonNull(pipes.borrow()));
        }
        return lent;
    }
}
