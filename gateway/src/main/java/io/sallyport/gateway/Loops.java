package io.sallyport.gateway;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The gateway's threads. The core loop owns all state and accepts connections; the data loops carry
 * bytes, so that no amount of them delays a decision or a heartbeat.
 */
public final class Loops implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup coreGroup =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("core"), NioIoHandler.newFactory());
    private final MultiThreadIoEventLoopGroup dataGroup =
            new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    new DefaultThreadFactory("data"),
                    NioIoHandler.newFactory());
    private final EventLoop core = coreGroup.next();

    public EventLoop core() {
        return core;
    }

    /** The data loop whose turn it is. */
    public EventLoop nextData() {
        return dataGroup.next();
    }

    /** Ends the threads; what is still open on them is closed. */
    @Override
    public void close() {
        var core = coreGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        var data = dataGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        core.awaitUninterruptibly(5, TimeUnit.SECONDS);
        data.awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
