package io.sallyport.relay.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** How the kernel shares the processors among threads; see sched(7). */
public final class Scheduling {
    // <linux/sched.h>
    private static final int SCHED_BATCH = 3;

    private Scheduling() {}

    /**
     * Has the calling thread take no processor from another one that works, just because there is
     * something to do for it: so more has gathered when its turn comes. Where this is refused,
     * everything stays as it was.
     */
    public static void gatherWork() {
        try (Arena arena = Arena.ofConfined()) {
            var priority = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
            int _ =
                    Kernel.ofThread()
                            .call(
                                    SystemCall.SCHED_SETSCHEDULER,
                                    0,
                                    SCHED_BATCH,
                                    priority.address());
        }
    }
}
