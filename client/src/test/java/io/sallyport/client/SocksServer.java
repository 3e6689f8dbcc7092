package io.sallyport.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS5 server as an agent's entry is one: CONNECT and BIND, a login if wanted, and a name that
 * means this host. A name {@code reply-N.test} is answered with reply N, {@code silent.test} never.
 */
final class SocksServer implements AutoCloseable {
    static final String PARTNER = "partner.test";

    private final ServerSocket server;
    private final @Nullable String password;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    SocksServer() throws IOException {
        this(null);
    }

    SocksServer(@Nullable String password) throws IOException {
        this.password = password;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    ForwardProxy proxy() {
        return ForwardProxy.at("127.0.0.1", port());
    }

    /** What was asked for, as {@code CONNECT host:port}. */
    List<String> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual()
                        .start(() -> {
                            try (client) {
                                serve(client);
                            } catch (IOException gone) {
                                open.remove(client);
                            }
                        });
            }
        } catch (IOException closed) {
            open.clear();
        }
    }

    private void serve(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        if (password != null && !logIn(in, out, methods)) {
            return;
        }
        if (password == null) {
            out.write(new byte[] {5, 0});
        }
        in.readByte();
        int command = in.readUnsignedByte();
        in.readByte();
        String host = host(in);
        int port = in.readUnsignedShort();
        requests.add((command == 1 ? "CONNECT " : "BIND ") + host + ":" + port);
        if (host.equals("silent.test")) {
            in.read();
        } else if (host.startsWith("reply-")) {
            reply(out, Integer.parseInt(host.replaceAll("\\D", "")), new InetSocketAddress(0));
        } else if (command == 1) {
            connect(client, new InetSocketAddress(address(host), port));
        } else {
            bind(client);
        }
    }

    private boolean logIn(DataInputStream in, OutputStream out, byte[] methods) throws IOException {
        if (methods.length < 2) {
            out.write(new byte[] {5, (byte) 0xff});
            return false;
        }
        out.write(new byte[] {5, 2});
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        boolean good =
                new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8)
                        .equals(password);
        out.write(new byte[] {1, (byte) (good ? 0 : 1)});
        return good;
    }

    private static String host(DataInputStream in) throws IOException {
        return switch (in.readUnsignedByte()) {
            case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
            case 3 -> new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
            default -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
        };
    }

    private static InetAddress address(String host) throws IOException {
        return host.equals(PARTNER)
                ? InetAddress.getLoopbackAddress()
                : InetAddress.getByName(host);
    }

    private void connect(Socket client, InetSocketAddress partner) throws IOException {
        try (var there = new Socket()) {
            try {
                there.connect(partner, 5000);
            } catch (IOException refused) {
                reply(client.getOutputStream(), 5, new InetSocketAddress(0));
                return;
            }
            open.add(there);
            reply(
                    client.getOutputStream(),
                    0,
                    new InetSocketAddress(there.getLocalAddress(), there.getLocalPort()));
            join(client, there);
        }
    }

    private void bind(Socket client) throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            reply(
                    client.getOutputStream(),
                    0,
                    new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()));
            listener.setSoTimeout(10_000);
            try (Socket there = listener.accept()) {
                open.add(there);
                reply(
                        client.getOutputStream(),
                        0,
                        new InetSocketAddress(there.getInetAddress(), there.getPort()));
                join(client, there);
            }
        }
    }

    private static void reply(OutputStream out, int reply, InetSocketAddress address)
            throws IOException {
        byte[] bytes = address.getAddress().getAddress();
        out.write(
                ByteBuffer.allocate(6 + bytes.length)
                        .put((byte) 5)
                        .put((byte) reply)
                        .put((byte) 0)
                        .put((byte) (bytes.length == 4 ? 1 : 4))
                        .put(bytes)
                        .putShort((short) address.getPort())
                        .array());
    }

    /** Bytes both ways, each direction ended by itself. */
    private static void join(Socket one, Socket other) throws IOException {
        Thread back = Thread.ofVirtual().start(() -> pump(other, one));
        pump(one, other);
        try {
            back.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            try {
                to.setSoLinger(true, 0);
                to.close();
            } catch (IOException gone) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
