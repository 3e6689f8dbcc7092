package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** SOCKS 5 (RFC 1928), with or without user and password (RFC 1929). */
final class Socks5Handshake implements Handshake {
    static final int VERSION = 5;

    private static final int LOGIN_VERSION = 1;
    private static final int WITHOUT_PASSWORD = 0;
    private static final int WITH_PASSWORD = 2;
    private static final int NO_METHOD = 0xff;

    private static final int CONNECT = 1;
    private static final int BIND = 2;

    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private static final int SUCCEEDED = 0;
    private static final int FAILED = 1;
    private static final int NOT_ALLOWED = 2;
    private static final int NETWORK_UNREACHABLE = 3;
    private static final int HOST_UNREACHABLE = 4;
    private static final int REFUSED = 5;
    private static final int EXPIRED = 6;
    private static final int COMMAND_UNKNOWN = 7;
    private static final int ADDRESS_UNKNOWN = 8;

    private static final byte[] NOWHERE = {IPV4, 0, 0, 0, 0, 0, 0};

    private final boolean wantsPassword;
    private State state = State.GREETING;

    private enum State {
        GREETING,
        LOGIN,
        REQUEST
    }

    Socks5Handshake(boolean wantsPassword) {
        this.wantsPassword = wantsPassword;
    }

    @Override
    public int bytesMax() {
        return 1024;
    }

    @Override
    public Step read(ByteBuf in) {
        int start = in.readerIndex();
        Step step =
                switch (state) {
                    case GREETING -> greeting(in);
                    case LOGIN -> login(in);
                    case REQUEST -> request(in);
                };
        if (step instanceof More) {
            in.readerIndex(start);
        }
        return step;
    }

    private Step greeting(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return new More();
        }
        in.skipBytes(1);
        int count = in.readUnsignedByte();
        if (in.readableBytes() < count) {
            return new More();
        }
        int wanted = wantsPassword ? WITH_PASSWORD : WITHOUT_PASSWORD;
        int methods = in.readerIndex();
        in.skipBytes(count);
        if (in.indexOf(methods, methods + count, (byte) wanted) < 0) {
            return new Refuse(
                    bytes(VERSION, NO_METHOD),
                    wantsPassword
                            ? "the client offers no user and password"
                            : "the client insists on a password, but the entry has no users");
        }
        state = wantsPassword ? State.LOGIN : State.REQUEST;
        return new Say(bytes(VERSION, wanted));
    }

    private static Step login(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return new More();
        }
        if (in.readByte() != LOGIN_VERSION) {
            return new Refuse(bytes(LOGIN_VERSION, 1), "a login that is not of RFC 1929");
        }
        int userLength = in.readUnsignedByte();
        if (in.readableBytes() < userLength + 1) {
            return new More();
        }
        String user = in.readString(userLength, UTF_8);
        int passwordLength = in.readUnsignedByte();
        return in.readableBytes() < passwordLength
                ? new More()
                : new Login(user, in.readString(passwordLength, UTF_8));
    }

    @Override
    public Step loggedIn(boolean known) {
        if (!known) {
            return new Refuse(bytes(LOGIN_VERSION, 1), "the user or the password is wrong");
        }
        state = State.REQUEST;
        return new Say(bytes(LOGIN_VERSION, 0));
    }

    private static Step request(ByteBuf in) {
        if (in.readableBytes() < 5) {
            return new More();
        }
        int version = in.readUnsignedByte();
        int command = in.readUnsignedByte();
        in.skipBytes(1);
        int kind = in.readUnsignedByte();
        if (version != VERSION) {
            return new Refuse(reply(FAILED, NOWHERE), "a request of SOCKS version " + version);
        }
        int length =
                switch (kind) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> in.readUnsignedByte();
                    default -> -1;
                };
        if (length < 0) {
            return new Refuse(
                    reply(ADDRESS_UNKNOWN, NOWHERE), "an address of unknown kind " + kind);
        }
        if (in.readableBytes() < length + 2) {
            return new More();
        }
        String host = kind == NAME ? in.readString(length, ISO_8859_1) : address(in, length);
        int port = in.readUnsignedShort();
        return switch (command) {
            case CONNECT -> new Ask(false, host, port);
            case BIND -> new Ask(true, host, port);
            default ->
                    new Refuse(
                            reply(COMMAND_UNKNOWN, NOWHERE),
                            "the client asks for command %d, but only CONNECT and BIND are known"
                                    .formatted(command));
        };
    }

    private static String address(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public ByteBuf listening(Endpoint bound) {
        return accepted(bound);
    }

    @Override
    public ByteBuf accepted(Endpoint address) {
        ByteBuf written = Unpooled.buffer();
        byte[] bytes = address.address().getAddress();
        written.writeByte(bytes.length == 4 ? IPV4 : IPV6).writeBytes(bytes);
        written.writeShort(address.port());
        return reply(SUCCEEDED, ByteBufUtil.getBytes(written));
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        int code =
                switch (kind) {
                    case NOT_ALLOWED -> NOT_ALLOWED;
                    case NAME_UNKNOWN -> HOST_UNREACHABLE;
                    case UNREACHABLE -> NETWORK_UNREACHABLE;
                    case CONNECTION_REFUSED -> REFUSED;
                    case TIMED_OUT -> EXPIRED;
                    case NO_PORT, LIMIT_REACHED, FAILED -> FAILED;
                };
        return reply(code, NOWHERE);
    }

    private static ByteBuf reply(int code, byte[] address) {
        return Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) code, 0}, address);
    }

    private static ByteBuf bytes(int first, int second) {
        return Unpooled.wrappedBuffer(new byte[] {(byte) first, (byte) second});
    }
}
