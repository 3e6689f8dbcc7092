package io.sallyport.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(OS.LINUX)
@Timeout(20)
class EpollIoHandlerTest {
    private volatile Thread loop = Thread.currentThread();
    private final EpollIoHandler handler =
            new EpollIoHandler(
                    new ThreadAwareExecutor() {
                        @Override
                        public boolean isExecutorThread(Thread thread) {
                            return thread == loop;
                        }

                        @Override
                        public void execute(Runnable command) {
                            throw new UnsupportedOperationException();
                        }
                    });

    @AfterEach
    void close() {
        handler.destroy();
    }

    private record Tasks(boolean canBlock, long nanosToTimer) implements IoHandlerContext {
        @Override
        public long delayNanos(long now) {
            return nanosToTimer;
        }

        @Override
        public long deadlineNanos() {
            return nanosToTimer < 0 ? -1 : System.nanoTime() + nanosToTimer;
        }
    }

    @Test
    void it_waits_until_the_next_timer_is_due_and_not_a_turn_less() {
        long nanos = TimeUnit.MICROSECONDS.toNanos(10_300);
        long begun = System.nanoTime();

        handler.run(new Tasks(true, nanos));

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(nanos);
    }

    @Test
    void it_does_not_wait_while_there_are_tasks() {
        assertThat(handler.run(new Tasks(false, TimeUnit.HOURS.toNanos(1)))).isZero();
    }

    @Test
    void another_thread_wakes_it_each_time_it_waits() {
        for (int time = 0; time < 100; time++) {
            loop = new Thread(() -> handler.run(new Tasks(true, -1)));
            loop.start();
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        handler.wakeup();
                        return !loop.isAlive();
                    });
        }
    }
}
