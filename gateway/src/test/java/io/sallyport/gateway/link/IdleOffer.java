package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.ChannelLeg;

/** A channel that is always usable, and whose sessions nobody opens. */
final class IdleOffer implements Offer {
    private final EventLoop loop;
    private boolean retired;

    IdleOffer(EventLoop loop) {
        this.loop = loop;
    }

    boolean isRetired() {
        return retired;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isUsable() {
        return true;
    }

    @Override
    public boolean isFresh() {
        throw new AssertionError("nobody asks how old an offer is before it is taken");
    }

    @Override
    public void retire() {
        retired = true;
    }

    @Override
    public ChannelLeg open(AgentLink agent, SessionOpening opening, Runnable onOpened) {
        throw new AssertionError("who keeps channels warm opens no sessions");
    }
}
