package io.sallyport.relay.tcp;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.sallyport.relay.linux.Epoll;
import io.sallyport.relay.linux.Kernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How event loops hear of their sockets. */
public enum Transport {
    /** By calls of Linux: the fewest, and the least memory. */
    EPOLL,

    /** By the JDK, on any system. */
    PORTABLE;

    /** For the event loops that use it. */
    public IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler::new;
            case PORTABLE -> NioIoHandler.newFactory();
        };
    }

    /** The transport of this process; the log says once why it is not the better one. */
    public static Transport chosen() {
        return Choice.CHOSEN;
    }

    static Transport of(EventLoop loop) {
        return ((IoEventLoopGroup) loop).isIoType(EpollIoHandler.class) ? EPOLL : PORTABLE;
    }

    private static final class Choice {
        /** The system property that turns the Linux transport off: {@code portable}. */
        private static final String PROPERTY = "sallyport.transport";

        private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
        private static final Transport CHOSEN = choose();

        private static Transport choose() {
            if (!Kernel.fitsSystem() || "portable".equals(System.getProperty(PROPERTY))) {
                return PORTABLE;
            }
            try {
                new Epoll().close();
                return EPOLL;
            } catch (LinkageError | RuntimeException unavailable) {
                Throwable cause =
                        unavailable.getCause() == null ? unavailable : unavailable.getCause();
                LOG.atWarn()
                        .addKeyValue("error", cause.getMessage())
                        .log(
                                "the kernel's sockets can't be used directly here, so the JDK's"
                                        + " are, at more CPU and memory for each connection");
                return PORTABLE;
            }
        }
    }
}
