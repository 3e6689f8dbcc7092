package training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The partners and the origin of the training run: {@code ./sallyport} has the gateway and the
 * agent carry this load once, so that their caches hold what sessions of every kind need. Run from
 * its source; part of no distribution.
 */
final class TrainingLoad {
    private static final Duration FOR_LISTENERS = Duration.ofSeconds(10);
    private static final Duration LOAD = Duration.ofSeconds(3);
    private static final int PARTNERS = 8;
    private static final int SOCKET_TIMEOUT_MILLIS = 5000;

    private static final int SHORT_BYTES = 200;
    private static final int BULK_BYTES = 4 << 20;
    private static final int FAULT_EVERY = 30;
    private static final int BULK_EVERY = 120;

    private final int plain;
    private final int encrypted;
    private final int refused;

    private TrainingLoad(int plain, int encrypted, int refused) {
        this.plain = plain;
        this.encrypted = encrypted;
        this.refused = refused;
    }

    /**
     * Says on standard output which port the origin has, then waits for the listeners of the
     * services {@code plain}, {@code encrypted} and {@code refused}.
     *
     * @param arguments the agent's log, which tells their ports
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ServerSocket origin = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> serve(origin));
        System.out.println("origin=" + origin.getLocalPort());

        Path log = Path.of(arguments[0]);
        new TrainingLoad(port(log, "plain"), port(log, "encrypted"), port(log, "refused")).run();
        System.exit(0);
    }

    private static int port(Path log, String service) throws IOException, InterruptedException {
        Pattern opened =
                Pattern.compile("listener opened service=" + service + " .*bound=\\S*:(\\d+)");
        long end = System.nanoTime() + FOR_LISTENERS.toNanos();
        while (System.nanoTime() - end < 0) {
            Matcher found = opened.matcher(Files.exists(log) ? Files.readString(log) : "");
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
            Thread.sleep(20);
        }
        throw new IOException("no listener for the service " + service);
    }

    private void run() throws InterruptedException {
        long end = System.nanoTime() + LOAD.toNanos();
        List<Thread> partners = new ArrayList<>();
        for (int i = 0; i < PARTNERS; i++) {
            partners.add(Thread.ofVirtual().start(() -> sessionsUntil(end)));
        }
        for (Thread partner : partners) {
            partner.join();
        }
    }

    private void sessionsUntil(long end) {
        for (int i = 1; System.nanoTime() - end < 0; i++) {
            int port = i % 2 == 0 ? encrypted : plain;
            session(port, 'e', i % SHORT_BYTES + 1);
            if (i % FAULT_EVERY == 0) {
                for (int faulty : List.of(plain, encrypted, refused)) {
                    session(faulty, 'r', SHORT_BYTES);
                    session(faulty, 'x', SHORT_BYTES);
                }
            }
            if (i % BULK_EVERY == 0) {
                for (int busy : List.of(plain, encrypted)) {
                    session(busy, 'd', 1);
                    session(busy, 'u', BULK_BYTES);
                }
            }
        }
    }

    /**
     * Sends so many bytes, the first of which is the wish: an echo, bulk down or up, or a reset by
     * the origin or (x) by this partner.
     */
    private static void session(int port, char wish, int bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            byte[] request = new byte[bytes];
            request[0] = (byte) wish;
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            if (wish == 'x') {
                in.read();
                socket.setSoLinger(true, 0);
            } else if (bytes % 2 == 0) {
                socket.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            } else {
                // Whoever knows how much comes doesn't wait for the other's end.
                in.skipNBytes(wish == 'd' ? BULK_BYTES : bytes);
            }
        } catch (IOException reset) {
            // Some sessions are to end so.
        }
    }

    private static void serve(ServerSocket origin) {
        try {
            while (true) {
                Socket socket = origin.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException closed) {
            throw new IllegalStateException("the origin can't accept", closed);
        }
    }

    private static void answer(Socket session) {
        try (Socket socket = session) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            switch (in.read()) {
                case 'd' -> {
                    socket.getOutputStream().write(new byte[BULK_BYTES]);
                    in.read();
                }
                case 'u' -> in.transferTo(OutputStream.nullOutputStream());
                case 'r' -> socket.setSoLinger(true, 0);
                default -> {
                    socket.getOutputStream().write('e');
                    in.transferTo(socket.getOutputStream());
                }
            }
        } catch (IOException reset) {
            // Some sessions are to end so.
        }
    }
}
