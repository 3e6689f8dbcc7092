package io.sallyport.relay.tcp;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is under way until a connection is there. */
record Connecting(ChannelPromise promise, SocketAddress to, @Nullable ScheduledFuture<?> timeout) {
    /**
     * @param patienceMillis 0 for ever
     * @param giveUp runs on the loop when it is too late, after the promise has failed
     */
    static Connecting begin(
            ChannelPromise promise,
            SocketAddress to,
            int patienceMillis,
            EventLoop loop,
            Runnable giveUp) {
        if (patienceMillis == 0) {
            return new Connecting(promise, to, null);
        }
        String why = "connection timed out after " + patienceMillis + " ms: " + to;
        Runnable tooLate =
                () -> {
                    if (promise.tryFailure(new ConnectTimeoutException(why))) {
                        giveUp.run();
                    }
                };
        return new Connecting(
                promise, to, loop.schedule(tooLate, patienceMillis, TimeUnit.MILLISECONDS));
    }

    void stopTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
