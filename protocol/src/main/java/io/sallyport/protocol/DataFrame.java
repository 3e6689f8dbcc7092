package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;

/** Everything that may travel on a data channel. */
public sealed interface DataFrame {

    /** Agent: this channel is ready for a session. */
    record Ready(Ticket ticket) implements DataFrame {}

    /**
     * Gateway: this is the session. On a plain data channel it is sealed.
     *
     * @param next with which the channel may be offered again after the session
     */
    record Open(SessionOpening opening, Ticket next) implements DataFrame {}

    /**
     * Gateway: this is the session, on a plain data channel.
     *
     * @param sealed by {@link OpeningKey#seal}; on the heap, so that nobody has to release it
     */
    record SealedOpen(ByteBuf sealed) implements DataFrame {}

    /** Agent: the origin is connected. */
    record Opened() implements DataFrame {}

    /**
     * Either: bytes of the session. Where DATA frames begin and end on the wire means nothing, so
     * one of these may be a part of one.
     *
     * @param bytes owned by whoever holds the frame
     */
    record Data(ByteBuf bytes) implements DataFrame {}

    /** Either: no more bytes from this side, in order. */
    record End() implements DataFrame {}

    /**
     * Either: the session ended other than in order; nothing follows on this channel.
     *
     * @param why one sentence for the log of the other side
     */
    record Reset(EndReason reason, String why) implements DataFrame {}
}
