package io.sallyport.relay.tcp;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening socket of Linux. */
final class EpollTcpServerChannel extends EpollChannel implements TcpServerChannel {
    /** After so many it is the turn of others on the loop. */
    private static final int ACCEPTS_OF_TURN = 64;

    private final ChannelConfig config = new EpollConfig(this);
    private volatile boolean listening;

    /**
     * @throws ChannelException if no socket can be made
     */
    EpollTcpServerChannel(InetAddress address) {
        super(null, openSocket(address));
        try {
            setNumber(Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1);
            ConnectionOptions.set(descriptor());
        } catch (ChannelException refused) {
            unsafe().closeForcibly();
            throw refused;
        }
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return listening && isOpen();
    }

    @Override
    protected void doBind(SocketAddress to) throws Exception {
        super.doBind(to);
        int result = Sockets.ofThread().listen(socket(), BACKLOG);
        if (result == 0) {
            result = watch();
        }
        if (result < 0) {
            throw SystemError.exception(result);
        }
        listening = true;
    }

    @Override
    void ready(int bits) {
        if (bits != 0) {
            setReadable(true);
        }
        boolean any = false;
        Exception failure = null;
        for (int left = ACCEPTS_OF_TURN; left > 0 && failure == null && mayRead(); left--) {
            var sockets = Sockets.ofThread();
            int socket = sockets.accept(descriptor());
            if (socket >= 0) {
                hasRead();
                any = true;
                pipeline().fireChannelRead(new EpollTcpChannel(this, socket, sockets.peer()));
            } else if (socket == -SystemError.EAGAIN) {
                setReadable(false);
            } else if (!isOfTheConnection(socket)) {
                failure = SystemError.exception(socket);
            }
        }
        if (any) {
            pipeline().fireChannelReadComplete();
        }
        if (failure != null) {
            pipeline().fireExceptionCaught(failure);
        }
        takeTurnToRead();
    }

    /** Linux tells here what went wrong with the connection that would have been the next. */
    private static boolean isOfTheConnection(int result) {
        return switch (-result) {
            case SystemError.EINTR,
                    SystemError.ECONNABORTED,
                    SystemError.EPROTO,
                    SystemError.EOPNOTSUPP,
                    SystemError.ENETDOWN,
                    SystemError.ENETUNREACH,
                    SystemError.EHOSTDOWN,
                    SystemError.EHOSTUNREACH ->
                    true;
            default -> false;
        };
    }

    @Override
    @SuppressWarnings("NullAway") // Bound to be there: callers ask after it has listened.
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer written) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new EpollUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                safeSetFailure(promise, new UnsupportedOperationException());
            }
        };
    }
}
