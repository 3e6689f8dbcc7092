package io.sallyport.relay.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Every TCP connection of gateway and agent. It lingers for zero seconds from its first moment:
 * whatever ends it other than {@link #closeInOrder} resets the peer, the death of this process
 * included. Nothing is read before somebody turns reading on.
 */
public interface TcpChannel extends Channel {
    /** The most that is read at once, in bytes. */
    int READ_BYTES_MAX = 256 * 1024;

    /**
     * Bytes waiting to be sent from which on the sender is no longer read. With one read more, this
     * bounds the memory of one direction of a session.
     */
    int WRITE_BYTES_HIGH = 256 * 1024;

    WriteBufferWaterMark WRITE_BYTES =
            new WriteBufferWaterMark(WRITE_BYTES_HIGH / 2, WRITE_BYTES_HIGH);

    /**
     * A connection that is to be made to that address, on that loop; not registered with it yet.
     *
     * @throws ChannelException if no socket can be made
     */
    static TcpChannel open(EventLoop loop, InetAddress to) {
        return Transport.of(loop) == Transport.EPOLL
                ? new EpollTcpChannel(to)
                : new NioTcpChannel();
    }

    @Override
    @Nullable InetSocketAddress remoteAddress();

    /** The wildcard if it was not asked for while it was connected. */
    @Override
    InetSocketAddress localAddress();

    /** Lets the peer's end of input reach us while we may still send; for legs, not for TLS. */
    void allowHalfClose();

    boolean isInputShutdown();

    /** Ends our direction in order. To be called when all that was written has been sent. */
    ChannelFuture shutdownOutput();

    /** Resets the peer, whether an event loop has the connection yet or not. */
    default void reset() {
        if (isRegistered()) {
            close();
        } else {
            unsafe().closeForcibly();
        }
    }

    /** Closes so that what was sent still arrives and the peer sees an orderly end. */
    default void closeInOrder() {
        lingerOnClose();
        close();
    }

    /** From now on any close is in order, whoever closes: what was sent still arrives. */
    void lingerOnClose();

    /** Whether there is a {@link #descriptor}, and reading and writing can be diverted. */
    boolean hasDescriptor();

    /**
     * The number by which the kernel knows this connection; valid while it is open, on its loop.
     *
     * @throws UnsupportedOperationException if it {@linkplain #hasDescriptor has none}
     */
    int descriptor();

    /**
     * Someone else reads: told on the loop, again and again, while there may be something to read,
     * or the end, and reading is on. Null gives reading back to the pipeline.
     *
     * @throws UnsupportedOperationException if it {@linkplain #hasDescriptor has no descriptor}
     */
    void divertReadable(@Nullable Runnable whenReadable);

    /** Whoever reads instead of the pipeline says that the kernel had no more (EAGAIN). */
    void drained();

    /**
     * Someone else writes, while nothing is written through the pipeline: to be asked for when the
     * kernel took no more (EAGAIN), and told on the loop whenever it takes bytes again. Null ends
     * that.
     *
     * @throws UnsupportedOperationException if it {@linkplain #hasDescriptor has no descriptor}
     */
    void divertWritable(@Nullable Runnable whenWritable);
}
