package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.EndReason;

/**
 * One end of a session on this host: a stream of bytes in each direction, and each direction ends
 * apart from the other. All calls, in and out, are made on the leg's event loop.
 */
public interface Leg {
    EventLoop loop();

    /**
     * Until {@link #attach}: tells of the loss of the leg, at once if it is lost already. What
     * arrives is held back, a few KiB and one read, and the rest stays with the sender.
     */
    void watch(LossWatcher watcher);

    /** Begins to deliver what arrives; what arrived before is delivered first. */
    void attach(LegHandler handler);

    /** Takes over the buffer. Nothing is sent before {@link #flush}. */
    void write(ByteBuf bytes);

    void flush();

    /** False while as much is waiting to be sent as the session's memory bound allows. */
    boolean isWritable();

    /** Turns reading on or off: the only means of back-pressure. */
    void setReading(boolean reading);

    /**
     * Ends this direction in order, once all that was written is sent; {@link LegHandler#onEndSent}
     * follows.
     */
    void end();

    /**
     * As {@link #end}, where that is the last of the session: {@link #close} follows as soon as it
     * is sent, so what the leg has to say after the session may go with it.
     */
    default void endLast() {
        end();
    }

    /** Lets go of the leg after both directions have ended in order. */
    void close();

    /** Aborts both directions: the far end sees a reset, never an orderly end. */
    void reset(EndReason reason, String why);
}
