package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** SOCKS 4, and 4a for names that the client does not resolve. */
final class Socks4Handshake implements Handshake {
    static final int VERSION = 4;

    private static final int CONNECT = 1;
    private static final int BIND = 2;
    private static final int GRANTED = 0x5a;
    private static final int REJECTED = 0x5b;
    private static final int HEAD_BYTES = 8;
    private static final int TEXT_BYTES_MAX = 255;

    private final boolean wantsPassword;

    Socks4Handshake(boolean wantsPassword) {
        this.wantsPassword = wantsPassword;
    }

    @Override
    public int bytesMax() {
        return 1024;
    }

    @Override
    public Step read(ByteBuf in) {
        int start = in.readerIndex();
        Step step = request(in);
        if (step instanceof More) {
            in.readerIndex(start);
        }
        return step;
    }

    private Step request(ByteBuf in) {
        if (in.readableBytes() <= HEAD_BYTES) {
            return new More();
        }
        in.skipBytes(1);
        int command = in.readUnsignedByte();
        int port = in.readUnsignedShort();
        byte[] address = new byte[4];
        in.readBytes(address);
        int userLength = in.bytesBefore((byte) 0);
        if (userLength < 0) {
            return in.readableBytes() > TEXT_BYTES_MAX ? tooLong() : new More();
        }
        in.skipBytes(userLength + 1);
        // 0.0.0.x says that a name follows.
        boolean named = address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;
        String host;
        if (named) {
            int length = in.bytesBefore((byte) 0);
            if (length < 0) {
                return in.readableBytes() > TEXT_BYTES_MAX ? tooLong() : new More();
            }
            host = in.readString(length, ISO_8859_1);
            in.skipBytes(1);
        } else {
            host = text(address);
        }
        if (wantsPassword) {
            return new Refuse(
                    reply(REJECTED, 0, new byte[4]),
                    "SOCKS 4 knows no passwords, and the entry has users: use SOCKS 5");
        }
        return switch (command) {
            case CONNECT -> new Ask(false, host, port);
            case BIND -> new Ask(true, host, port);
            default ->
                    new Refuse(
                            reply(REJECTED, 0, new byte[4]),
                            "the client asks for command %d, but only CONNECT and BIND are known"
                                    .formatted(command));
        };
    }

    private static Refuse tooLong() {
        return new Refuse(
                reply(REJECTED, 0, new byte[4]), "a name of more than 255 bytes in the request");
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Step loggedIn(boolean known) {
        throw new IllegalStateException("SOCKS 4 asks for no password");
    }

    @Override
    public ByteBuf listening(Endpoint bound) {
        return accepted(bound);
    }

    @Override
    public ByteBuf accepted(Endpoint address) {
        byte[] bytes = address.address().getAddress();
        return reply(GRANTED, address.port(), bytes.length == 4 ? bytes : new byte[4]);
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        return reply(REJECTED, 0, new byte[4]);
    }

    private static ByteBuf reply(int code, int port, byte[] address) {
        return Unpooled.wrappedBuffer(
                new byte[] {0, (byte) code, (byte) (port >> 8), (byte) port}, address);
    }
}
