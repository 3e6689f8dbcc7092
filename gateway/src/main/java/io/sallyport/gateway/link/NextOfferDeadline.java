package io.sallyport.gateway.link;

import io.netty.util.concurrent.Future;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.FramedChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a data channel that an agent neither offers again nor closes after a session. One timer a
 * channel, however many sessions it carries. Used on the channel's loop.
 */
final class NextOfferDeadline {
    private boolean waiting;
    private @Nullable Future<?> timer;

    /** A session has ended in order, and the next one may come. */
    void begin(FramedChannel channel) {
        waiting = true;
        if (timer == null) {
            watch(channel, channel.sessionsCarried());
        }
    }

    /** The agent has shown the next ticket. */
    void met() {
        waiting = false;
    }

    /** The channel is gone: the timer would keep it and its last session in memory. */
    void close() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void watch(FramedChannel channel, int sessionsCarried) {
        timer =
                channel.loop()
                        .schedule(
                                () -> look(channel, sessionsCarried),
                                Protocol.TICKET_LIFETIME.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private void look(FramedChannel channel, int sessionsCarried) {
        timer = null;
        if (waiting && channel.sessionsCarried() == sessionsCarried) {
            channel.close();
        } else if (channel.isUsable()) {
            watch(channel, channel.sessionsCarried());
        }
    }
}
