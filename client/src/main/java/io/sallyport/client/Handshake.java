package io.sallyport.client;

import io.sallyport.client.ForwardException.Reason;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is said to an agent's SOCKS5 entry before the bytes of a connection (RFC 1928 and 1929).
 * Never reads a byte too many, and waits as long as the streams do.
 */
final class Handshake {
    static final int CONNECT = 1;
    static final int BIND = 2;

    private static final int VERSION = 5;
    private static final int LOGIN_VERSION = 1;
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int REQUEST_BYTES_MAX = 3 + 2 + 255 + 2;

    private final DataInputStream in;
    private final OutputStream out;
    private final Destination destination;

    Handshake(InputStream in, OutputStream out, Destination destination) {
        this.in = new DataInputStream(in);
        this.out = out;
        this.destination = destination;
    }

    /**
     * Asks for a connection, or with {@link #BIND} for a listener, and returns the gateway's
     * address of it.
     *
     * @throws ForwardException if the agent says no
     * @throws SocketTimeoutException if the streams have a deadline and it passed
     */
    InetSocketAddress request(int command, @Nullable Login login) throws IOException {
        try {
            authenticate(login);
            var request = ByteBuffer.allocate(REQUEST_BYTES_MAX);
            request.put((byte) VERSION).put((byte) command).put((byte) 0);
            destination.writeTo(request);
            out.write(request.array(), 0, request.position());
            return reply();
        } catch (EOFException ended) {
            throw new ForwardException(
                    Reason.FAILED,
                    destination.toString(),
                    "the forward proxy ended the connection without an answer");
        }
    }

    private void authenticate(@Nullable Login login) throws IOException {
        out.write(
                login == null
                        ? new byte[] {VERSION, 1, NO_LOGIN}
                        : new byte[] {VERSION, 2, NO_LOGIN, USER_AND_PASSWORD});
        expectVersion(in.readUnsignedByte());
        int method = in.readUnsignedByte();
        if (method == USER_AND_PASSWORD && login != null) {
            logIn(login);
        } else if (method != NO_LOGIN) {
            throw new ForwardException(
                    Reason.LOGIN_REFUSED,
                    destination.toString(),
                    login == null
                            ? "the forward proxy wants a user and a password"
                            : "the forward proxy takes no user and password");
        }
    }

    private void logIn(Login login) throws IOException {
        byte[] user = Login.bytes(login.user());
        byte[] password = Login.bytes(login.password());
        var message = ByteBuffer.allocate(3 + user.length + password.length);
        message.put((byte) LOGIN_VERSION).put((byte) user.length).put(user);
        message.put((byte) password.length).put(password);
        out.write(message.array());
        in.readUnsignedByte();
        if (in.readUnsignedByte() != 0) {
            throw new ForwardException(Reason.LOGIN_REFUSED, destination.toString());
        }
    }

    /** Reads a reply: the only one to CONNECT, the first or the second to BIND. */
    InetSocketAddress reply() throws IOException {
        expectVersion(in.readUnsignedByte());
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw new ForwardException(Reason.ofReply(reply), destination.toString());
        }
        in.readUnsignedByte();
        return Destination.read(in);
    }

    private void expectVersion(int version) throws ForwardException {
        if (version != VERSION) {
            throw new ForwardException(
                    Reason.AGENT_UNREACHABLE,
                    destination.toString(),
                    "what answers in the forward proxy's place is not SOCKS5");
        }
    }
}
