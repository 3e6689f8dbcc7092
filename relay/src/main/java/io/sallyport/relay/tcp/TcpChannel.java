package io.sallyport.relay.tcp;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
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
    private static final int READ_BYTES_FIRST = 2048;

    /**
     * How long a connection may be silent before the kernel asks whether the peer is there, and how
     * it asks.
     */
    private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(30);

    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(10);
    private static final int KEEP_ALIVE_PROBES = 3;

    private @Nullable Runnable whenReadable;
    private @Nullable Runnable whenWritable;

    /** A connection that is to be made. */
    public TcpChannel() {
        tune();
    }

    TcpChannel(@Nullable Channel parent, SocketChannel accepted) {
        super(parent, accepted);
        tune();
    }

    private void tune() {
        var config = config();
        config.setSoLinger(0);
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                (int) KEEP_ALIVE_IDLE.toSeconds());
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                (int) KEEP_ALIVE_INTERVAL.toSeconds());
        config.setOption(
                NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEP_ALIVE_PROBES);
        keepUrgentBytes();
        LinuxSocket.limitUnacknowledged(javaChannel());
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(WRITE_BYTES);
        config.setOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(512, READ_BYTES_FIRST, READ_BYTES_MAX));
    }

    /** FTP clients mark the end of ABOR as urgent, and the kernel would take such a byte out. */
    private void keepUrgentBytes() {
        try {
            javaChannel().socket().setOOBInline(true);
        } catch (SocketException closed) {
            // Whoever reads it next learns the same.
        }
    }

    /** Lets the peer's end of input reach us while we may still send; for legs, not for TLS. */
    public void allowHalfClose() {
        config().setAllowHalfClosure(true);
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
        if (isOpen()) {
            config().setSoLinger(-1);
        }
        close();
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
