package io.sallyport.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.ChannelLeg;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LossWatcher;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the moment when a session is named on a data channel until the agent has connected its
 * origin. On a fresh channel the partner's first bytes go ahead. On one that may be dead they are
 * held back so long, so that the session can be opened on another: what was sent once is never sent
 * again, for the origin may have it. Used on the data channel's loop only.
 */
final class Opening {
    /** So much goes ahead: the agent has to hold it for every session whose origin is slow. */
    private static final int AHEAD_BYTES_MAX = 16 * 1024;

    /** Hears how it went, once, on the data channel's loop. */
    interface Outcome {
        void opened(Leg partner, Leg channel);

        /** Not a byte of the partner was sent: another data channel may do. */
        void channelLost();

        void failed(EndReason reason, String why);
    }

    private final Outcome outcome;
    private @Nullable ChannelLeg channel;
    private int sentAhead;
    private @Nullable Future<?> deadline;
    private boolean over;

    Opening(Outcome outcome) {
        this.outcome = outcome;
    }

    boolean isOver() {
        return over;
    }

    /**
     * @param fresh whether the agent is sure to be there
     * @param name names the session on the data channel; what it is given runs when the agent has
     *     connected the origin
     */
    void start(Leg partner, boolean fresh, Function<Runnable, ChannelLeg> name) {
        ChannelLeg leg = name.apply(() -> opened(partner));
        channel = leg;
        deadline =
                leg.loop()
                        .schedule(
                                () -> channelLost("the agent did not answer on the data channel"),
                                Protocol.OPENED_DEADLINE.toMillis(),
                                TimeUnit.MILLISECONDS);
        partner.setReading(true);
        partner.watch(fresh ? new PartnerWatcher(leg) : this::abort);
        leg.watch(this::lost);
    }

    private final class PartnerWatcher implements LossWatcher {
        private final ChannelLeg channel;

        PartnerWatcher(ChannelLeg channel) {
            this.channel = channel;
        }

        @Override
        public void onLost(EndReason reason, String why) {
            abort(reason, why);
        }

        @Override
        public void onHeld(ByteBuf bytes) {
            int length = Math.min(bytes.readableBytes(), AHEAD_BYTES_MAX - sentAhead);
            if (!over && length > 0) {
                sentAhead += length;
                channel.sendAhead(bytes.slice(bytes.readerIndex(), length));
            }
        }
    }

    /** Lets go of the data channel; the partner stays as it is. */
    void abort(EndReason reason, String why) {
        if (finish()) {
            resetChannel(reason, why);
            outcome.failed(reason, why);
        }
    }

    void channelLost(String why) {
        if (finish()) {
            resetChannel(EndReason.CHANNEL_LOST, why);
            channelIsLost(why);
        }
    }

    private void resetChannel(EndReason reason, String why) {
        if (channel != null) {
            channel.reset(reason, why);
        }
    }

    private void lost(EndReason reason, String why) {
        if (!finish()) {
            return;
        }
        if (reason == EndReason.CHANNEL_LOST) {
            channelIsLost(why);
        } else {
            outcome.failed(reason, why);
        }
    }

    private void channelIsLost(String why) {
        if (sentAhead > 0) {
            outcome.failed(EndReason.CHANNEL_LOST, why);
        } else {
            outcome.channelLost();
        }
    }

    private void opened(Leg partner) {
        if (channel != null && finish()) {
            outcome.opened(partner, channel);
        }
    }

    private boolean finish() {
        if (over) {
            return false;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        return true;
    }
}
