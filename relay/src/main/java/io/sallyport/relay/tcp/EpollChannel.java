package io.sallyport.relay.tcp;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A socket on an {@link EpollIoHandler}. The kernel tells once that there is something to read;
 * that is kept until somebody wants to read, and until a read has shown that there is no more.
 */
abstract class EpollChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private volatile int descriptor;
    private @Nullable IoRegistration registration;
    private boolean readable;
    private boolean readWanted;

    EpollChannel(@Nullable EpollChannel parent, int descriptor) {
        super(parent);
        this.descriptor = descriptor;
    }

    /**
     * @throws ChannelException if there is none to be had
     */
    static int openSocket(InetAddress like) {
        int socket = Sockets.ofThread().open(like);
        if (socket < 0) {
            throw new ChannelException("Failed to open a socket.", SystemError.exception(socket));
        }
        return socket;
    }

    /**
     * @throws ClosedChannelException if it is closed
     */
    final int socket() throws ClosedChannelException {
        int socket = descriptor;
        if (socket < 0) {
            throw new ClosedChannelException();
        }
        return socket;
    }

    public final int descriptor() {
        return descriptor;
    }

    /** Told on the loop: bits of {@link io.sallyport.relay.linux.Epoll}, or 0 for a mere turn. */
    abstract void ready(int bits);

    // ---- reading, on the loop

    /** There is something to read, the end, or an error. */
    final void setReadable(boolean readable) {
        this.readable = readable;
    }

    /** Whether somebody wants to read, and there may be something. */
    final boolean mayRead() {
        return readWanted && readable && descriptor >= 0;
    }

    final boolean isReadWanted() {
        return readWanted;
    }

    /** Something was read: without auto-read, that was all that was wanted. */
    final void hasRead() {
        if (!config().isAutoRead()) {
            readWanted = false;
        }
    }

    @Override
    protected void doBeginRead() {
        readWanted = true;
        takeTurnToRead();
    }

    /** Never at once, as this may be asked in the middle of a read. */
    final void takeTurnToRead() {
        if (mayRead()) {
            takeTurn();
        }
    }

    final void takeTurn() {
        if (registration != null) {
            registration.submit(EpollHandle.Ask.TURN);
        }
    }

    /** Auto-read is off; on any thread. */
    final void stopReading() {
        if (!isRegistered() || eventLoop().inEventLoop()) {
            readWanted = false;
        } else {
            eventLoop()
                    .execute(() -> {
                        if (!config().isAutoRead()) {
                            readWanted = false;
                        }
                    });
        }
    }

    // ---- registration

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop && Transport.of(loop) == Transport.EPOLL;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop())
                .register((EpollHandle) unsafe())
                .addListener((Future<IoRegistration> done) -> {
                    if (!done.isSuccess()) {
                        promise.setFailure(done.cause());
                        return;
                    }
                    registration = done.getNow();
                    int result = isActive() ? watch() : 0;
                    if (result < 0) {
                        doDeregister();
                        promise.setFailure(SystemError.exception(result));
                    } else {
                        promise.setSuccess();
                    }
                });
    }

    /** Has the loop told of readiness. 0 or a negative error number. */
    final int watch() {
        return registration == null ? 0 : (int) registration.submit(EpollHandle.Ask.WATCH);
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    public boolean isOpen() {
        return descriptor >= 0;
    }

    @Override
    protected void doClose() throws Exception {
        closeSocket();
    }

    // A closed descriptor's number goes to the next socket that is opened, on whichever thread: so
    // nobody uses one while it is closed elsewhere, and it is closed once.

    private synchronized void closeSocket() {
        int socket = descriptor;
        if (socket >= 0) {
            descriptor = -1;
            Sockets.ofThread().close(socket);
        }
    }

    /** Sets an option; on any thread. Nothing happens if it is closed. */
    final synchronized void setNumber(int level, int option, int number) {
        if (descriptor >= 0) {
            int _ = Sockets.ofThread().set(descriptor, level, option, number);
        }
    }

    @Override
    protected final synchronized @Nullable SocketAddress localAddress0() {
        return isActive() ? Sockets.ofThread().localAddress(descriptor) : null;
    }

    @Override
    protected void doBind(SocketAddress to) throws Exception {
        int result = Sockets.ofThread().bind(socket(), (InetSocketAddress) to);
        if (result < 0) {
            throw SystemError.exception(result);
        }
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected ChannelId newId() {
        return ChannelNumber.next();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public abstract ChannelConfig config();

    /** The loop's side of it. */
    abstract class EpollUnsafe extends AbstractUnsafe implements EpollHandle {
        @Override
        public int descriptor() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            ready(((Readiness) event).bits());
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
