package io.sallyport.relay.tcp;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Every TCP connection of gateway and agent. It lingers for zero seconds from its first moment:
 * whatever ends it other than {@link #closeInOrder} resets the peer, the death of this process
 * included.
 */
public final class TcpChannel extends NioSocketChannel {
    /** The most that is read at once, in bytes. */
    public static final int READ_BYTES_MAX = 256 * 1024;

    /**
     * Bytes waiting to be sent from which on the sender is no longer read. With one read more, this
     * bounds the memory of one direction of a session.
     */
    public static final int WRITE_BYTES_HIGH = 256 * 1024;

    private static final WriteBufferWaterMark WRITE_BYTES =
            new WriteBufferWaterMark(WRITE_BYTES_HIGH / 2, WRITE_BYTES_HIGH);
    private static final RecvByteBufAllocator READ_BYTES =
            new AdaptiveRecvByteBufAllocator(512, 2048, READ_BYTES_MAX);

    private @Nullable Runnable whenReadable;
    private @Nullable Runnable whenWritable;

    private boolean inputEnded;

    /** A connection that is to be made. */
    public TcpChannel() {
        ConnectionOptions.set(this);
        tune();
    }

    /**
     * @param inherited whether the listening socket gave it the options of connections
     */
    TcpChannel(@Nullable Channel parent, SocketChannel accepted, boolean inherited) {
        super(parent, accepted);
        if (!inherited) {
            ConnectionOptions.set(this);
        }
        tune();
    }

    private void tune() {
        var config = config();
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(WRITE_BYTES);
        config.setOption(ChannelOption.RECVBUF_ALLOCATOR, READ_BYTES);
    }

    SocketChannel socket() {
        return javaChannel();
    }

    @Override
    protected ChannelId newId() {
        return ChannelNumber.next();
    }

    /** Lets the peer's end of input reach us while we may still send; for legs, not for TLS. */
    public void allowHalfClose() {
        config().setAllowHalfClosure(true);
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || !isActive();
    }

    // Netty's own asks the kernel to read no more, which after the peer's end does nothing, or
    // fails with an exception because the other direction has ended, too.
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputEnded = true;
        return promise.setSuccess();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return super.remoteAddress();
    }

    /** Resets the peer, whether an event loop has the connection yet or not. */
    public void reset() {
        if (isRegistered()) {
            close();
        } else {
            unsafe().closeForcibly();
        }
    }

    /** Closes so that what was sent still arrives and the peer sees an orderly end. */
    public void closeInOrder() {
        lingerOnClose();
        close();
    }

    /** From now on any close is in order, whoever closes: what was sent still arrives. */
    public void lingerOnClose() {
        if (isOpen()) {
            config().setSoLinger(-1);
        }
    }

    /**
     * The number by which the kernel knows this connection; valid while it is open, on its loop.
     *
     * @throws IllegalStateException if this JVM does not tell
     */
    public int descriptor() {
        return LinuxSocket.descriptor(javaChannel());
    }

    /**
     * Someone else reads: told on the loop, again and again, while there is something to read, or
     * the end, and reading is on. Null gives reading back to the pipeline.
     */
    public void divertReadable(@Nullable Runnable whenReadable) {
        this.whenReadable = whenReadable;
    }

    /**
     * Someone else writes, while nothing is written through the pipeline: told on the loop, again
     * and again, while the kernel takes bytes. Null ends that.
     */
    public void divertWritable(@Nullable Runnable whenWritable) {
        this.whenWritable = whenWritable;
        if (whenWritable == null) {
            clearOpWrite();
        } else {
            setOpWrite();
        }
    }

    // What this leaves out of NioSocketChannel's own is for lingering closes, of which there are
    // none.
    @Override
    protected AbstractNioUnsafe newUnsafe() {
        return new NioByteUnsafe() {
            @Override
            public void handle(IoRegistration registration, IoEvent event) {
                if (whenReadable == null && whenWritable == null) {
                    super.handle(registration, event);
                } else {
                    handleDiverted(((NioIoEvent) event).ops());
                }
            }
        };
    }

    private void handleDiverted(NioIoOps ready) {
        try {
            if (ready.contains(NioIoOps.WRITE)) {
                if (whenWritable != null) {
                    whenWritable.run();
                } else {
                    unsafe().forceFlush();
                }
            }
            boolean readable = ready.contains(NioIoOps.READ) || ready.equals(NioIoOps.NONE);
            if (readable && isOpen()) {
                if (whenReadable != null) {
                    whenReadable.run();
                } else {
                    unsafe().read();
                }
            }
        } catch (CancelledKeyException closed) {
            close();
        }
    }
}
