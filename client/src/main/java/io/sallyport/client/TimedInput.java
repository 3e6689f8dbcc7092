package io.sallyport.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads a socket until a deadline, or as long as the socket's own timeout if that is shorter. */
final class TimedInput extends FilterInputStream {
    private final Socket socket;
    private final int limitMillis;
    private long deadline;

    TimedInput(Socket socket) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
        this.limitMillis = socket.getSoTimeout();
    }

    void waitAtMost(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** Gives the socket back the timeout that it had. */
    void done() throws IOException {
        socket.setSoTimeout(limitMillis);
    }

    @Override
    public int read() throws IOException {
        arm();
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        arm();
        return super.read(bytes, offset, length);
    }

    private void arm() throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        long limit = limitMillis == 0 ? left : Math.min(limitMillis, left);
        socket.setSoTimeout((int) Math.min(limit, Integer.MAX_VALUE));
    }
}
