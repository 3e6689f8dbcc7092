package io.sallyport.relay.tcp;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.sallyport.relay.linux.Sockets;

/** What can be set on a channel of the epoll transport. */
final class EpollConfig extends DefaultChannelConfig {
    /** Of no use here, as channels choose the size of their reads themselves; Netty wants one. */
    private static final RecvByteBufAllocator UNUSED =
            new FixedRecvByteBufAllocator(TcpChannel.READ_BYTES_MAX);

    EpollConfig(EpollChannel channel) {
        super(channel, UNUSED);
    }

    private EpollChannel owner() {
        return (EpollChannel) channel;
    }

    @Override
    protected void autoReadCleared() {
        owner().stopReading();
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option.equals(ChannelOption.SO_REUSEADDR)) {
            owner().setNumber(
                            Sockets.SOL_SOCKET,
                            Sockets.SO_REUSEADDR,
                            Boolean.TRUE.equals(value) ? 1 : 0);
            return true;
        }
        return super.setOption(option, value);
    }

    /** Of a connection: reading is turned on by nobody but {@link #setAutoRead}'s callers. */
    EpollConfig ofConnection() {
        setAutoRead(false);
        setWriteBufferWaterMark(TcpChannel.WRITE_BYTES);
        return this;
    }
}
