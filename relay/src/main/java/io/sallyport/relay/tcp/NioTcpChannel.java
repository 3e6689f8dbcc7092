package io.sallyport.relay.tcp;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection of the JDK's. It goes without TCP_USER_TIMEOUT and without a descriptor. */
final class NioTcpChannel extends NioSocketChannel implements TcpChannel {
    private static final RecvByteBufAllocator READ_BYTES =
            new AdaptiveRecvByteBufAllocator(512, 2048, READ_BYTES_MAX);

    private boolean inputEnded;

    /** A connection that is to be made. */
    NioTcpChannel() {
        tune();
    }

    NioTcpChannel(@Nullable Channel parent, SocketChannel accepted) {
        super(parent, accepted);
        tune();
    }

    private void tune() {
        ConnectionOptions.set(this);
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

    @Override
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
    public @Nullable InetSocketAddress remoteAddress() {
        return super.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return super.localAddress();
    }

    @Override
    public void lingerOnClose() {
        if (isOpen()) {
            config().setSoLinger(-1);
        }
    }

    // What this leaves out of NioSocketChannel's own is for lingering closes, of which there are
    // none.
    @Override
    protected AbstractNioUnsafe newUnsafe() {
        return new NioByteUnsafe() {};
    }

    @Override
    public boolean hasDescriptor() {
        return false;
    }

    @Override
    public int descriptor() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void divertReadable(@Nullable Runnable whenReadable) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drained() {
        // The JDK tells again and again by itself.
    }

    @Override
    public void divertWritable(@Nullable Runnable whenWritable) {
        throw new UnsupportedOperationException();
    }
}
