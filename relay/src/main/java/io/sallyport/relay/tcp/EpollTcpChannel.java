package io.sallyport.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.sallyport.relay.linux.Epoll;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of Linux. What the kernel tells once is never lost: a reset becomes {@code
 * exceptionCaught} and a close, whether somebody reads or not; what came before it is read first if
 * somebody does.
 */
final class EpollTcpChannel extends EpollChannel implements TcpChannel {
    /** After so many reads, or writes, it is the turn of others on the loop. */
    private static final int CALLS_OF_TURN = 16;

    private static final InetSocketAddress UNKNOWN =
            new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);

    private final EpollConfig config = new EpollConfig(this).ofConnection();
    private final ReadSize readSize = new ReadSize();
    private @Nullable InetSocketAddress remoteAddress;
    private @Nullable Connecting connecting;
    private @Nullable Runnable whenReadable;
    private @Nullable Runnable whenWritable;
    private volatile boolean connected;
    private boolean halfCloses;
    private boolean inputEnded;
    private boolean outputEnded;

    /** Whether the kernel took no more bytes, and will tell when it does. */
    private boolean full;

    /** Whether the kernel has told of an error, which nobody has taken. */
    private boolean broken;

    /** Whether the peer's end in order has arrived, behind what is still to be read. */
    private boolean peerEnded;

    // Whether a read that did not fill its buffer says nothing: it stops before a byte that is
    // marked as urgent, and before an end or an error that was told of already.
    private boolean readsToTheEnd;

    /**
     * A connection that is to be made.
     *
     * @throws ChannelException if no socket can be made
     */
    EpollTcpChannel(InetAddress to) {
        super(null, openSocket(to));
        try {
            ConnectionOptions.set(descriptor());
        } catch (ChannelException refused) {
            unsafe().closeForcibly();
            throw refused;
        }
    }

    /** One that was accepted, and has the options of the listening socket. */
    EpollTcpChannel(EpollChannel parent, int socket, @Nullable InetSocketAddress peer) {
        super(parent, socket);
        remoteAddress = peer;
        connected = true;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return connected && isOpen();
    }

    @Override
    public InetSocketAddress localAddress() {
        var known = (InetSocketAddress) super.localAddress();
        return known == null ? UNKNOWN : known;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return connected ? remoteAddress : null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remoteAddress();
    }

    @Override
    public void allowHalfClose() {
        halfCloses = true;
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || !isActive();
    }

    @Override
    public synchronized void lingerOnClose() {
        if (isOpen()) {
            int _ = Sockets.ofThread().resetOnClose(descriptor(), false);
        }
    }

    @Override
    public boolean hasDescriptor() {
        return true;
    }

    // ---- what the kernel tells

    @Override
    void ready(int bits) {
        if (connecting != null) {
            finishConnect(connecting, bits);
        }
        if (!isActive()) {
            return;
        }
        if ((bits & ~Epoll.OUT) != 0) {
            setReadable(true);
            readsToTheEnd |= (bits & ~(Epoll.IN | Epoll.OUT)) != 0;
            broken |= (bits & Epoll.ERROR) != 0;
            // A reset ends the input, too.
            peerEnded |= (bits & Epoll.PEER_ENDED) != 0 && !broken;
        }
        // A write would take the error, of which readers are to hear first.
        if ((bits & Epoll.OUT) != 0 && !broken) {
            writable();
        }
        if (whenReadable == null) {
            readSome();
        } else if (mayRead()) {
            whenReadable.run();
            takeTurnToRead();
        }
        if (broken && !isReadWanted() && isOpen()) {
            takeReset();
        }
    }

    private void writable() {
        full = false;
        if (whenWritable == null) {
            ((TcpUnsafe) unsafe()).flush0();
        } else {
            whenWritable.run();
        }
    }

    // ---- reading

    private void readSome() {
        boolean any = false;
        // What is read is sent on after the turn: until then nobody sees that it is too much.
        int bytesLeft = READ_BYTES_MAX;
        for (int left = CALLS_OF_TURN;
                left > 0 && bytesLeft > 0 && mayRead() && whenReadable == null;
                left--) {
            int room = Math.min(readSize.next(), bytesLeft);
            ByteBuf buffer = LentBuffers.ofThread().lend(alloc(), room);
            int result = Sockets.ofThread().receive(descriptor(), Addresses.ofRoom(buffer), room);
            if (result <= 0) {
                buffer.release();
                if (!SystemError.isToWait(result)) {
                    readComplete(any);
                    ended(result);
                    return;
                }
                if (result == -SystemError.EAGAIN) {
                    setReadable(false);
                }
                continue;
            }
            buffer.writerIndex(buffer.writerIndex() + result);
            bytesLeft -= result;
            readSize.hasRead(result, room);
            if (result < room && !readsToTheEnd) {
                setReadable(false);
            }
            hasRead();
            any = true;
            pipeline().fireChannelRead(buffer);
        }
        readComplete(any);
        takeTurnToRead();
    }

    private void readComplete(boolean any) {
        if (any) {
            pipeline().fireChannelReadComplete();
        }
    }

    /**
     * @param result of the last read: 0, or a negative error number
     */
    private void ended(int result) {
        if (!isOpen()) {
            return;
        }
        if (result < 0) {
            fail(SystemError.exception(result));
            return;
        }
        if (broken && !peerEnded && Sockets.ofThread().takeError(descriptor()) == 0) {
            // Somebody has taken the error: only then does a reset look like an end in order.
            fail(SystemError.exception(-SystemError.ECONNRESET));
            return;
        }
        setReadable(false);
        boolean refusesMore = broken;
        broken = false;
        if (!inputEnded) {
            endInput();
        }
        if (refusesMore && isOpen()) {
            writable();
        }
    }

    private void endInput() {
        inputEnded = true;
        if (halfCloses) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            close();
        }
    }

    /**
     * Nobody reads, so nobody else would hear of it. But a peer that has ended in order before it
     * refuses what we send has said all that it had to say: what waits to be sent fails then.
     */
    private void takeReset() {
        broken = false;
        int error = peerEnded ? -SystemError.EPIPE : Sockets.ofThread().takeError(descriptor());
        if (error == -SystemError.EPIPE) {
            peerEnded = true;
            writable();
        } else {
            fail(SystemError.exception(error == 0 ? -SystemError.ECONNRESET : error));
        }
    }

    /** What went wrong. Whoever took it before did not say what it was. */
    private IOException error() {
        int error = Sockets.ofThread().takeError(descriptor());
        return SystemError.exception(error == 0 ? -SystemError.ECONNRESET : error);
    }

    private void fail(IOException why) {
        broken = false;
        setReadable(false);
        pipeline().fireExceptionCaught(why);
        unsafe().close(voidPromise());
    }

    @Override
    public void divertReadable(@Nullable Runnable whenReadable) {
        this.whenReadable = whenReadable;
        takeTurnToRead();
    }

    @Override
    public void drained() {
        setReadable(false);
    }

    // ---- writing

    @Override
    public void divertWritable(@Nullable Runnable whenWritable) {
        this.whenWritable = whenWritable;
    }

    @Override
    protected Object filterOutboundMessage(Object message) throws ClosedChannelException {
        if (outputEnded) {
            throw new ClosedChannelException();
        }
        return Outgoing.direct(message, alloc());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer written) throws Exception {
        switch (Outgoing.send(written, socket(), CALLS_OF_TURN)) {
            case ALL -> {}
            case UNTIL_FULL -> full = true;
            case SOME -> eventLoop().execute(((TcpUnsafe) unsafe())::flush0);
        }
    }

    @Override
    public ChannelFuture shutdownOutput() {
        ChannelPromise promise = newPromise();
        if (eventLoop().inEventLoop()) {
            endOutput(promise);
        } else {
            eventLoop().execute(() -> endOutput(promise));
        }
        return promise;
    }

    // Netty's own fills in an exception with its stack each time, for writes that never come.
    private void endOutput(ChannelPromise promise) {
        try {
            Outgoing.requireNone(unsafe().outboundBuffer());
            doShutdownOutput();
            promise.setSuccess();
        } catch (Exception failure) {
            promise.setFailure(failure);
        }
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        int result = Sockets.ofThread().shutdownOutput(socket());
        // Not connected any more: what that means is told by a read, or a write.
        if (result < 0 && result != -SystemError.ENOTCONN) {
            throw SystemError.exception(result);
        }
        outputEnded = true;
    }

    // ---- beginning and end

    private void finishConnect(Connecting attempt, int bits) {
        if ((bits & (Epoll.OUT | Epoll.ERROR | Epoll.HANGUP)) == 0) {
            return;
        }
        connecting = null;
        attempt.stopTimeout();
        if ((bits & (Epoll.ERROR | Epoll.HANGUP)) == 0) {
            ((TcpUnsafe) unsafe()).connected(attempt.promise());
        } else {
            ((TcpUnsafe) unsafe()).refused(attempt, error());
        }
    }

    @Override
    protected void doClose() throws Exception {
        Connecting attempt = connecting;
        if (attempt != null) {
            connecting = null;
            attempt.stopTimeout();
            attempt.promise().tryFailure(new ClosedChannelException());
        }
        super.doClose();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new TcpUnsafe();
    }

    private final class TcpUnsafe extends EpollUnsafe {
        @Override
        public void connect(
                SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connecting != null) {
                    throw new ConnectionPendingException();
                }
                if (connected) {
                    throw new AlreadyConnectedException();
                }
                begin((InetSocketAddress) to, from, promise);
            } catch (Exception failure) {
                promise.tryFailure(annotateConnectException(failure, to));
                close(voidPromise());
            }
        }

        private void begin(
                InetSocketAddress to, @Nullable SocketAddress from, ChannelPromise promise)
                throws Exception {
            if (from != null) {
                doBind(from);
            }
            remoteAddress = to;
            int result = Sockets.ofThread().connect(socket(), to);
            boolean atOnce = result == 0;
            if (atOnce || result == -SystemError.EINPROGRESS) {
                result = watch();
            }
            if (result < 0) {
                throw SystemError.exception(result);
            }
            if (atOnce) {
                connected(promise);
                return;
            }
            int patienceMillis = config().getConnectTimeoutMillis();
            connecting =
                    Connecting.begin(
                            promise, to, patienceMillis, eventLoop(), () -> close(voidPromise()));
            promise.addListener(done -> {
                if (done.isCancelled()) {
                    close(voidPromise());
                }
            });
        }

        void connected(ChannelPromise promise) {
            connected = true;
            boolean wanted = promise.trySuccess();
            if (isActive()) {
                pipeline().fireChannelActive();
            }
            if (!wanted) {
                close(voidPromise());
            }
        }

        void refused(Connecting attempt, IOException why) {
            attempt.promise().tryFailure(annotateConnectException(why, attempt.to()));
            close(voidPromise());
        }

        @Override
        protected void flush0() {
            // What waits for the kernel goes when the kernel takes bytes again.
            if (!full) {
                super.flush0();
            }
        }
    }
}
