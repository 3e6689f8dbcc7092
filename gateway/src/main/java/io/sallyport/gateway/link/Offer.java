package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.ChannelLeg;

/** A data channel that an agent offers for one session. */
public interface Offer {
    EventLoop loop();

    boolean isUsable();

    /**
     * Whether the agent was heard on it so lately that it is sure to be there. Called on its loop.
     */
    boolean isFresh();

    /** Ends a channel that is not needed. May be called on any thread. */
    void retire();

    /**
     * Names the session on the channel. Called on its loop.
     *
     * @param onOpened runs when the agent says that the origin is connected
     */
    ChannelLeg open(AgentLink agent, SessionOpening opening, Runnable onOpened);
}
