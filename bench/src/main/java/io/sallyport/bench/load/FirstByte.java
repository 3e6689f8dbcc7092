package io.sallyport.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Whether a chain serves: a byte goes through and comes back. */
public final class FirstByte {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Tries until the origin answers. */
    public static void await(int port) throws IOException {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!isEchoed(port)) {
            if (System.nanoTime() > endNanos) {
                throw new IOException(
                        "no answer from the origin within " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean isEchoed(int port) {
        try (var socket = new Socket(Origin.LOCAL, port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(Origin.ECHO);
            return socket.getInputStream().read() == Origin.ECHO;
        } catch (IOException notYet) {
            return false;
        }
    }

    private FirstByte() {}
}
