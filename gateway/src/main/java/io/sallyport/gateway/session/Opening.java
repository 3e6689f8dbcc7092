package io.sallyport.gateway.session;

import io.netty.util.concurrent.Future;
import io.sallyport.gateway.link.Offer;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.Leg;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * From the moment when a session is named on a data channel until the agent has connected its
 * origin. The partner's bytes are held back so long, so that the session can be opened on another
 * channel if this one turns out to be dead. Used on the data channel's loop only.
 */
final class Opening {
    /** Hears how it went, once, on the data channel's loop. */
    interface Outcome {
        void opened(Leg partner, Leg channel);

        /** Not a byte of the partner was sent: another data channel may do. */
        void channelLost();

        void failed(EndReason reason, String why);
    }

    private final Outcome outcome;
    private @Nullable Leg channel;
    private @Nullable Future<?> deadline;
    private boolean over;

    Opening(Outcome outcome) {
        this.outcome = outcome;
    }

    boolean isOver() {
        return over;
    }

    void start(Session session, Leg partner, Offer offer) {
        Leg leg = offer.open(session.agent, session.opening(), () -> opened(partner));
        channel = leg;
        deadline =
                leg.loop()
                        .schedule(
                                () -> channelLost("the agent did not answer on the data channel"),
                                Protocol.OPENED_DEADLINE.toMillis(),
                                TimeUnit.MILLISECONDS);
        partner.setReading(true);
        partner.watch(this::abort);
        leg.watch(this::lost);
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
            outcome.channelLost();
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
            outcome.channelLost();
        } else {
            outcome.failed(reason, why);
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
