package io.sallyport.relay;

import io.netty.buffer.ByteBuf;

/** A session on a data channel, whose other end may not be connected yet. */
public interface ChannelLeg extends Leg {
    /**
     * Sends bytes that nobody has written yet: they are written, too, before all others, and are
     * not sent again then. Does not take over the buffer.
     */
    void sendAhead(ByteBuf bytes);
}
