package io.sallyport.client;

import io.sallyport.client.ForwardException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A channel that connects by asking an agent; then it is an ordinary one. The asking is done on a
 * thread of its own, which is gone when the connection is made.
 */
final class ForwardChannel extends AsynchronousSocketChannel {
    private final ForwardProxy proxy;
    private final AsynchronousSocketChannel channel;
    private volatile @Nullable InetSocketAddress partner;

    ForwardChannel(ForwardProxy proxy, AsynchronousSocketChannel channel) {
        super(channel.provider());
        this.proxy = proxy;
        this.channel = channel;
    }

    @Override
    public Future<Void> connect(SocketAddress remote) {
        var connected = new CompletableFuture<Void>();
        var thread =
                new Thread(
                        () -> {
                            try {
                                ask(proxy.standIns().named(Destination.of(remote)));
                                connected.complete(null);
                            } catch (IOException | RuntimeException failure) {
                                closeQuietly();
                                connected.completeExceptionally(failure);
                            }
                        },
                        "sallyport-connect");
        thread.setDaemon(true);
        thread.start();
        return connected;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public <A extends @Nullable Object> void connect(
            SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        ((CompletableFuture<Void>) connect(remote))
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        handler.completed(null, attachment);
                    } else {
                        handler.failed(failure, attachment);
                    }
                });
    }

    private void ask(Destination destination) throws IOException {
        var answered = new AtomicBoolean();
        var late = new AtomicBoolean();
        // Reads of a channel have no deadline of their own: closing it ends them.
        CompletableFuture.delayedExecutor(proxy.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!answered.get()) {
                        late.set(true);
                        closeQuietly();
                    }
                });
        try {
            reachAgent(destination);
            new Handshake(
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel),
                            destination)
                    .request(Handshake.CONNECT, proxy.login());
            partner =
                    new InetSocketAddress(
                            proxy.standIns().addressOf(destination), destination.port());
        } catch (IOException failure) {
            throw late.get()
                    ? new ForwardException(Reason.TIMED_OUT, destination.toString())
                    : failure;
        } finally {
            answered.set(true);
        }
    }

    private void reachAgent(Destination destination) throws IOException {
        InetSocketAddress entry = proxy.entry();
        String why = "its name is not known";
        try {
            if (!entry.isUnresolved()) {
                channel.connect(entry).get();
                return;
            }
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            why = String.valueOf(cause.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            why = "interrupted";
        }
        throw new ForwardException(
                Reason.AGENT_UNREACHABLE,
                destination.toString(),
                "the " + proxy + " cannot be reached: " + why);
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException nothingLeftToClose) {
            // The connection is of no use either way.
        }
    }

    /** The partner's address; one that only stands for it if only the gateway knows it. */
    @Override
    public @Nullable SocketAddress getRemoteAddress() {
        return partner;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
        channel.bind(local);
        return this;
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value)
            throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        channel.shutdownInput();
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer into,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        channel.read(into, timeout, unit, attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer into) {
        return channel.read(into);
    }

    @Override
    public <A extends @Nullable Object> void read(
            ByteBuffer[] into,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        channel.read(into, offset, length, timeout, unit, attachment, handler);
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer from,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        channel.write(from, timeout, unit, attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer from) {
        return channel.write(from);
    }

    @Override
    public <A extends @Nullable Object> void write(
            ByteBuffer[] from,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        channel.write(from, offset, length, timeout, unit, attachment, handler);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
