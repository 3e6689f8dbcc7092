package io.sallyport.relay;

import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.SealedOpen;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.Ticket;

/**
 * Hears of sessions on a data channel, on its event loop. The defaults refuse what the other side
 * may not send.
 */
public interface ChannelOwner {
    /** Who is on the other side, for messages: {@code agent inside-1}. */
    String peer();

    /** At the gateway: the agent offers the channel for a session. */
    default void onReady(FramedChannel channel, Ticket ticket) throws ProtocolException {
        throw new ProtocolException("READY is for agents to send");
    }

    /**
     * At the agent, on a plain channel: reads the session that the gateway opens.
     *
     * @throws ProtocolException if it is not for this channel
     */
    default Open unseal(SealedOpen sealed) throws ProtocolException {
        throw new ProtocolException("SEALEDOPEN is for gateways to send");
    }

    /** At the agent: the gateway opens a session. */
    default void onOpen(FramedChannel channel, Open open, FramedChannel.FramedLeg leg)
            throws ProtocolException {
        throw new ProtocolException("OPEN is for gateways to send");
    }

    /**
     * The last END is written: what is sent now goes with it. The session may yet be aborted, which
     * closes the channel.
     */
    default void onLastEnd(FramedChannel channel) {}

    /** The session ended in order on both legs; the channel may carry a next one or be closed. */
    void onSessionCompleted(FramedChannel channel);

    void onClosed(FramedChannel channel, String why);
}
