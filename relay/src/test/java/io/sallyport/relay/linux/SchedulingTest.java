package io.sallyport.relay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(OS.LINUX)
class SchedulingTest {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_BATCH = 3;

    @Test
    void a_thread_that_gathers_work_is_scheduled_so_and_no_other() throws Exception {
        try (var thread = Executors.newSingleThreadExecutor()) {
            assertThat(thread.submit(SchedulingTest::policy).get()).isEqualTo(SCHED_OTHER);

            thread.submit(Scheduling::gatherWork).get();

            assertThat(thread.submit(SchedulingTest::policy).get()).isEqualTo(SCHED_BATCH);
            assertThat(policy()).isEqualTo(SCHED_OTHER);
        }
    }

    @Test
    void every_loop_gathers_work() throws Exception {
        try (var loops = new Loops(Transport.EPOLL)) {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Callable<Integer> policy = SchedulingTest::policy;
                assertThat(loops.next().submit(policy).get()).isEqualTo(SCHED_BATCH);
            }
        }
    }

    /** Of this thread: field 41 of proc_pid_stat(5). */
    private static int policy() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fromThird[41 - 3]);
    }
}
