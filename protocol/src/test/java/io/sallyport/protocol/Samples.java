package io.sallyport.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ControlMessage.Withdraw;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Messages and frames with the bytes that they have forever; docs/protocol.md shows the same. */
final class Samples {
    static final Ticket TICKET = new Ticket(0x0011223344556677L, 0x8899aabbccddeeffL);
    static final Ticket NEXT = new Ticket(0, 1);
    static final OpeningKey KEY = new OpeningKey(0x0f1e2d3c4b5a6978L, 0x8796a5b4c3d2e1f0L);
    static final SessionOpening OPENING =
            new SessionOpening(
                    new SessionId(0x0123456789abcdefL),
                    "files",
                    endpoint("198.51.100.7", 50123),
                    endpoint("192.0.2.1", 22));
    static final SessionOpening DATA_OPENING =
            new SessionOpening(
                    new SessionId(0x0123456789abcdf0L),
                    "files",
                    endpoint("198.51.100.7", 50123),
                    endpoint("192.0.2.1", 22),
                    new RequestId(OPENING.session(), 9));
    private static final RequestId BESIDE = new RequestId(OPENING.session(), 9);
    static final ServiceSpec SERVICE =
            new ServiceSpec(
                    "files",
                    ChannelKind.PLAIN,
                    List.of(endpoint("192.0.2.1", 22), endpoint("2001:db8::1", 22)),
                    List.of(network("198.51.100.0", 24)),
                    List.of(network("198.51.100.66", 32), network("2001:db8:bad::", 48)),
                    List.of(),
                    1000,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    new DataPorts(true, 50_000, 50_099));

    private static final String FILES = "0005 66696c6573 ";
    private static final String ENTRY = "000d 666f72776172642e736f636b73 ";
    private static final String PARTNER = "04 c6336407 c3cb ";
    private static final String REACHED = "04 c0000201 0016 ";
    private static final String TICKET_HEX = "00112233445566778899aabbccddeeff ";
    private static final String NEXT_HEX = "00000000000000000000000000000001";
    static final String KEY_HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private static final String REQUEST_HEX = "0123456789abcdef 0000000000000009 ";
    private static final String DATA_OPENING_HEX =
            "0123456789abcdf0 " + FILES + PARTNER + REACHED + "01 01 " + REQUEST_HEX;

    /** {@link #OPENING}, followed by {@link #NEXT}, with {@link #KEY} for {@link #TICKET}. */
    static final String SEALED_OPENING =
            "e857b0551a705b2edbb166afc4dc55fa3030b93e727703b23c6fe4e947281c15"
                    + "3405e3627f441d01e1b0f26c51ed6ea4aa666aef16c0e2e1af0fbb48b778";

    /** A message and its frame on the control channel, without the length. */
    record MessageSample(ControlMessage message, String hex) {}

    /** A frame of a data channel and its bytes, header included. */
    record FrameSample(DataFrame frame, String hex) {}

    static final List<MessageSample> MESSAGES =
            List.of(
                    new MessageSample(
                            new Hello(0, "example 1.2", 0xfedcba9876543210L),
                            "01 0000 000b 6578616d706c6520312e32 fedcba9876543210"),
                    new MessageSample(
                            new Welcome(0, "dmz-1", "example 1.2", KEY),
                            "02 0000 0005 646d7a2d31 000b 6578616d706c6520312e32 " + KEY_HEX),
                    new MessageSample(
                            new Publish(3, List.of(SERVICE)),
                            "03 0000000000000003 0001 "
                                    + FILES
                                    + "02 "
                                    + ("0002 " + REACHED)
                                    + "06 20010db8000000000000000000000001 0016 "
                                    + "0001 04 c6336400 18 "
                                    + "0002 04 c6336442 20 "
                                    + "06 20010db80bad00000000000000000000 30 "
                                    + "0000 000003e8 000493e0 00007530 01 01 c350 c3b3"),
                    new MessageSample(
                            new Published(
                                    3,
                                    List.of(
                                            new ListenerResult.Opened(
                                                    "files",
                                                    endpoint("192.0.2.1", 0),
                                                    endpoint("192.0.2.1", 40022)),
                                            new ListenerResult.Failed(
                                                    "files",
                                                    endpoint("2001:db8::1", 22),
                                                    "in use"))),
                            "04 0000000000000003 0002 01 "
                                    + FILES
                                    + "04 c0000201 0000 04 c0000201 9c56 02 "
                                    + FILES
                                    + "06 20010db8000000000000000000000001 0016 "
                                    + "0006 696e20757365"),
                    new MessageSample(
                            new Dial(ChannelKind.ENCRYPTED, List.of(TICKET, new Ticket(0, 1))),
                            "05 01 0002 " + TICKET_HEX + NEXT_HEX),
                    new MessageSample(
                            new DialFailed(ChannelKind.PLAIN, List.of(TICKET), "refused"),
                            "06 02 0001 " + TICKET_HEX + "0007 72656675736564"),
                    new MessageSample(new Ping(7), "07 0000000000000007"),
                    new MessageSample(new Pong(-2), "08 fffffffffffffffe"),
                    new MessageSample(
                            new Goodbye(CloseReason.REPLACED, "", Duration.ofSeconds(5)),
                            "09 03 0000 00001388"),
                    new MessageSample(
                            new Listen(
                                    OPENING.session(), 9, 50_000, 50_099, Duration.ofSeconds(30)),
                            "0a " + REQUEST_HEX + "c350 c3b3 00007530"),
                    new MessageSample(
                            new Listening(BESIDE, endpoint("192.0.2.1", 50_007)),
                            "0b 01 " + REQUEST_HEX + "04 c0000201 c357"),
                    new MessageSample(
                            new ConnectPartner(
                                    OPENING.session(),
                                    9,
                                    endpoint("198.51.100.7", 50123),
                                    Duration.ofSeconds(30)),
                            "0c " + REQUEST_HEX + PARTNER + "00007530"),
                    new MessageSample(
                            new Refused(new RequestId(9), RefusalKind.NAME_UNKNOWN, "refused"),
                            "0d 00 0000000000000009 02 0007 72656675736564"),
                    new MessageSample(new Withdraw(BESIDE), "0e 01 " + REQUEST_HEX),
                    new MessageSample(
                            new Connect(
                                    9,
                                    "forward.socks",
                                    "sftp.partner.example",
                                    22,
                                    Duration.ofSeconds(30),
                                    Duration.ofMinutes(5),
                                    Duration.ofSeconds(30)),
                            "0f 0000000000000009 "
                                    + ENTRY
                                    + "0014 736674702e706172746e65722e6578616d706c65 0016 "
                                    + "00007530 000493e0 00007530"),
                    new MessageSample(
                            new Bind(
                                    9,
                                    "forward.socks",
                                    "198.51.100.7",
                                    50_000,
                                    50_099,
                                    Duration.ofSeconds(30),
                                    Duration.ofMinutes(5),
                                    Duration.ofSeconds(30)),
                            "10 0000000000000009 "
                                    + ENTRY
                                    + "000c 3139382e35312e3130302e37 c350 c3b3 "
                                    + "00007530 000493e0 00007530"));

    static final List<FrameSample> FRAMES =
            List.of(
                    new FrameSample(new DataFrame.Ready(TICKET), "01 000010 " + TICKET_HEX),
                    new FrameSample(
                            new DataFrame.Open(DATA_OPENING, NEXT),
                            "02 00003f " + DATA_OPENING_HEX + NEXT_HEX),
                    new FrameSample(new DataFrame.Opened(), "03 000000"),
                    new FrameSample(
                            new DataFrame.Data(Unpooled.copiedBuffer("hello", UTF_8)),
                            "04 000005 68656c6c6f"),
                    new FrameSample(new DataFrame.End(), "05 000000"),
                    new FrameSample(
                            new DataFrame.Reset(EndReason.ORIGIN_TIMEOUT, "too late"),
                            "06 00000b 04 0008 746f6f206c617465"),
                    new FrameSample(
                            new DataFrame.SealedOpen(bytes(SEALED_OPENING)),
                            "07 00003e " + SEALED_OPENING));

    static final String PREAMBLE = "f5534c50 01";

    private Samples() {}

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(address(address), port);
    }

    static Network network(String address, int prefixBits) {
        return new Network(address(address), prefixBits);
    }

    /** An address that is given as such: nothing is ever resolved. */
    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }

    static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static String hex(ControlMessage message) {
        ByteBuf out = Unpooled.buffer();
        ControlCodec.encode(message, out);
        return ByteBufUtil.hexDump(out);
    }

    static String hex(DataFrame frame) {
        ByteBuf out = Unpooled.buffer();
        write(frame, out);
        return ByteBufUtil.hexDump(out);
    }

    /** Writes a frame the way a channel would, the bytes of DATA included. */
    static void write(DataFrame frame, ByteBuf out) {
        if (frame instanceof DataFrame.Data(var bytes)) {
            DataFrameCodec.dataHeader(out, bytes.readableBytes());
            out.writeBytes(bytes.duplicate());
        } else {
            DataFrameCodec.encode(frame, out);
        }
    }

    /** The records below a sealed interface, however deep. */
    static List<Class<?>> recordsOf(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(type ->
                        type.isSealed() ? recordsOf(type).stream() : Stream.<Class<?>>of(type))
                .<Class<?>>map(type -> type)
                .distinct()
                .toList();
    }
}
