package io.sallyport.copy.ssh;

import io.sallyport.client.ForwardProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutorService;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2Connector;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.common.util.threads.ThreadUtils;

/** Lets Apache MINA SSHD open its connections through an agent. */
final class RoutedConnections extends Nio2ServiceFactoryFactory {
    private final ForwardProxy proxy;

    RoutedConnections(ForwardProxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public IoServiceFactory create(FactoryManager manager) {
        CloseableExecutorService threads = ThreadUtils.newCachedThreadPool("ssh-channels");
        CloseableExecutorService connects = ThreadUtils.newCachedThreadPool("ssh-connects");
        return new Nio2ServiceFactory(manager, threads, connects) {
            @Override
            public IoConnector createConnector(IoHandler handler) {
                return autowireCreatedService(
                        new Connector(this, manager, handler, groupOf(threads), connects));
            }
        };
    }

    private static AsynchronousChannelGroup groupOf(ExecutorService threads) {
        try {
            return AsynchronousChannelGroup.withCachedThreadPool(threads, 1);
        } catch (IOException noGroup) {
            throw new UncheckedIOException(noGroup);
        }
    }

    private final class Connector extends Nio2Connector {
        Connector(
                Nio2ServiceFactory factory,
                FactoryManager manager,
                IoHandler handler,
                AsynchronousChannelGroup group,
                ExecutorService threads) {
            super(factory, manager, handler, group, threads);
        }

        @Override
        protected AsynchronousSocketChannel openAsynchronousSocketChannel(
                SocketAddress partner, AsynchronousChannelGroup group) throws IOException {
            return proxy.openChannel(group);
        }
    }
}
