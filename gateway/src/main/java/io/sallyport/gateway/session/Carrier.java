package io.sallyport.gateway.session;

import io.netty.channel.ChannelFuture;
import io.sallyport.gateway.link.Offer;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Loops;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;

/**
 * Brings both legs of a session to the loop of its data channel, has it opened there, and its bytes
 * carried.
 */
final class Carrier {
    private final Loops loops;
    private final RelayEngine engine;
    private final Observer observer;

    /** Hears what becomes of sessions. On the core loop. */
    interface Observer {
        /** The data channel was lost before it carried a byte of the partner. */
        void onChannelLost(Session session);

        void onEnded(Session session, EndReason reason, String why);
    }

    Carrier(Loops loops, RelayEngine engine, Observer observer) {
        this.loops = loops;
        this.engine = engine;
        this.observer = observer;
    }

    /** Called on the core loop. */
    void open(Session session, Offer offer) {
        var opening = new Opening(new Outcome(session));
        session.openedBy(opening);
        if (session.connection.isRegistered()) {
            // Its PROXY protocol header was read, or another data channel was tried before.
            session.connection
                    .deregister()
                    .addListener(_ -> offer.loop().execute(() -> open(session, opening, offer)));
        } else {
            offer.loop().execute(() -> open(session, opening, offer));
        }
    }

    private static void open(Session session, Opening opening, Offer offer) {
        if (opening.isOver()) {
            offer.retire();
            return;
        }
        if (!offer.isUsable()) {
            opening.channelLost("the data channel was lost");
            return;
        }
        offer.loop()
                .register(session.connection)
                .addListener((ChannelFuture registered) -> {
                    if (!registered.isSuccess() || opening.isOver()) {
                        offer.retire();
                        opening.abort(
                                EndReason.PARTNER_RESET, "the partner left before it was served");
                        return;
                    }
                    session.connection.allowHalfClose();
                    opening.start(
                            partnerLeg(session),
                            offer.isFresh(),
                            onOpened -> offer.open(session.agent, session.opening(), onOpened));
                });
    }

    private static SocketLeg partnerLeg(Session session) {
        SocketLeg leg = session.connection.pipeline().get(SocketLeg.class);
        return leg == null ? Sessions.partnerLeg(session.connection, session.partner) : leg;
    }

    /** Goes on with a session on the data channel's loop, and tells the core loop. */
    private final class Outcome implements Opening.Outcome {
        private final Session session;

        Outcome(Session session) {
            this.session = session;
        }

        @Override
        public void opened(Leg partner, Leg channel) {
            var timeouts =
                    new RelayTimeouts(
                            session.service.idleTimeout(), session.service.halfCloseTimeout());
            session.relayedBy(engine.join(partner, channel, timeouts, this::failed));
        }

        @Override
        public void channelLost() {
            loops.core().execute(() -> observer.onChannelLost(session));
        }

        @Override
        public void failed(EndReason reason, String why) {
            loops.onCoreUnhurried(() -> observer.onEnded(session, reason, why));
        }
    }
}
