package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoopsTest {
    private final Loops loops = new Loops();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.close();
    }

    /** Nothing else wakes the core loop, which has no timers here. */
    @Test
    void what_is_unhurried_is_done_without_anything_else_to_do() throws Exception {
        for (int time = 0; time < 3; time++) {
            var told = new CompletableFuture<Boolean>();

            another()
                    .execute(() ->
                            loops.onCoreUnhurried(() -> told.complete(loops.core().inEventLoop())));

            assertThat(told.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void what_is_unhurried_is_done_before_whatever_is_asked_for_later() throws Exception {
        for (boolean hurried : List.of(false, true, false)) {
            done.clear();
            loops.core().submit(() -> loops.hurryCore(hurried)).get();

            another()
                    .submit(() -> {
                        loops.onCoreUnhurried(() -> done.add("told"));
                        loops.onCoreUnhurried(() -> done.add("told again"));
                        loops.core().execute(() -> done.add("asked"));
                    })
                    .get();

            loops.onCore(() -> done.add("asked by no loop"));
            assertThat(done).containsExactly("told", "told again", "asked", "asked by no loop");
        }
    }

    @Test
    void the_core_loop_may_tell_itself() throws Exception {
        loops.core().submit(() -> loops.onCoreUnhurried(() -> done.add("told"))).get();

        loops.onCore(() -> done.add("asked"));

        assertThat(done).containsExactly("told", "asked");
    }

    private EventLoop another() {
        return Stream.generate(loops::next)
                .limit(loops.count())
                .filter(loop -> !loop.equals(loops.core()))
                .findFirst()
                .orElse(loops.core());
    }
}
