package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.sallyport.relay.tcp.TcpChannel;

/**
 * A leg whose bytes travel in the clear on a TCP connection, alone or in frames, so that they can
 * be moved from there, or to there, by someone else.
 */
public interface PlainLeg extends Leg {
    TcpChannel channel();

    /** How many of the bytes that arrive next are the session's; 0 if a header comes first. */
    int sessionBytesNext();

    /** So many of {@link #sessionBytesNext} were taken from the connection. */
    void taken(int bytes);

    /**
     * How many bytes of a header come next; 0 if it is something else, which only the leg can read.
     */
    int headerBytesNext();

    /** At most {@link #headerBytesNext} bytes that were taken from the connection. */
    void onHeader(ByteBuf bytes);

    /** Whether a header goes before bytes of the session. */
    boolean isFramed();

    /**
     * Whether what a header announced is not all sent: until then nothing else can be said on the
     * connection, and it can only be reset.
     */
    void setFrameUnderWay(boolean underWay);

    /** The connection was lost: the end of a sentence that begins with its name. */
    void lose(String what);
}
