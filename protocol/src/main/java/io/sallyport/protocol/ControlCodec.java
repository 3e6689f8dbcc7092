package io.sallyport.protocol;

import static io.sallyport.protocol.Fields.readBits64;
import static io.sallyport.protocol.Fields.readCount;
import static io.sallyport.protocol.Fields.readDuration;
import static io.sallyport.protocol.Fields.readEndpoint;
import static io.sallyport.protocol.Fields.readHost;
import static io.sallyport.protocol.Fields.readList;
import static io.sallyport.protocol.Fields.readName;
import static io.sallyport.protocol.Fields.readOpeningKey;
import static io.sallyport.protocol.Fields.readOptional;
import static io.sallyport.protocol.Fields.readRequestId;
import static io.sallyport.protocol.Fields.readRevision;
import static io.sallyport.protocol.Fields.readSession;
import static io.sallyport.protocol.Fields.readU16;
import static io.sallyport.protocol.Fields.readU8;
import static io.sallyport.protocol.Fields.readWhy;
import static io.sallyport.protocol.Fields.writeCount;
import static io.sallyport.protocol.Fields.writeDuration;
import static io.sallyport.protocol.Fields.writeEndpoint;
import static io.sallyport.protocol.Fields.writeHost;
import static io.sallyport.protocol.Fields.writeList;
import static io.sallyport.protocol.Fields.writeName;
import static io.sallyport.protocol.Fields.writeOpeningKey;
import static io.sallyport.protocol.Fields.writeOptional;
import static io.sallyport.protocol.Fields.writeRequestId;
import static io.sallyport.protocol.Fields.writeRevision;
import static io.sallyport.protocol.Fields.writeU16;
import static io.sallyport.protocol.Fields.writeWhy;
import static io.sallyport.protocol.Protocol.CONTROL_FRAME_BYTES_MAX;
import static io.sallyport.protocol.Protocol.LISTENERS_MAX;
import static io.sallyport.protocol.Protocol.NETWORKS_MAX;
import static io.sallyport.protocol.Protocol.SERVICES_MAX;
import static io.sallyport.protocol.Protocol.TICKETS_MAX;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.FromGateway;
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
import java.util.List;

/** Pure translation between a message and its frame: no channel, no session, no logging. */
public final class ControlCodec {
    private static final int HELLO = 1;
    private static final int WELCOME = 2;
    private static final int PUBLISH = 3;
    private static final int PUBLISHED = 4;
    private static final int DIAL = 5;
    private static final int DIAL_FAILED = 6;
    private static final int PING = 7;
    private static final int PONG = 8;
    private static final int GOODBYE = 9;
    private static final int LISTEN = 10;
    private static final int LISTENING = 11;
    private static final int CONNECT_PARTNER = 12;
    private static final int REFUSED = 13;
    private static final int WITHDRAW = 14;
    private static final int CONNECT = 15;
    private static final int BIND = 16;

    private static final int LISTENER_OPENED = 1;
    private static final int LISTENER_FAILED = 2;

    private ControlCodec() {}

    /**
     * Writes the frame of a message, without the length that goes before it on the channel. A
     * {@code why} that is too long is cut.
     *
     * @throws IllegalArgumentException if something else is beyond a bound of {@link Protocol};
     *     {@code out} then holds no more than before
     */
    public static void encode(ControlMessage message, ByteBuf out) {
        int start = out.writerIndex();
        try {
            write(message, out);
            int length = out.writerIndex() - start;
            if (length > CONTROL_FRAME_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a control frame takes up to %d bytes, but this %s would take %d"
                                .formatted(CONTROL_FRAME_BYTES_MAX, nameOf(message), length));
            }
        } catch (IllegalArgumentException beyondBounds) {
            out.writerIndex(start);
            throw beyondBounds;
        }
    }

    private static void write(ControlMessage message, ByteBuf out) {
        switch (message) {
            case Hello(var minor, var software, var instance) -> {
                writeU16(out.writeByte(HELLO), minor);
                writeName(out, software);
                out.writeLong(instance);
            }
            case Welcome(var minor, var gateway, var software, var openingKey) -> {
                writeU16(out.writeByte(WELCOME), minor);
                writeName(out, gateway);
                writeName(out, software);
                writeOpeningKey(out, openingKey);
            }
            case Publish(var revision, var services) -> {
                if (listenersOf(services) > LISTENERS_MAX) {
                    throw new IllegalArgumentException(tooManyListeners(services));
                }
                writeRevision(out.writeByte(PUBLISH), revision);
                writeList(out, services, SERVICES_MAX, ControlCodec::writeService);
            }
            case Published(var revision, var listeners) -> {
                writeRevision(out.writeByte(PUBLISHED), revision);
                writeList(out, listeners, LISTENERS_MAX, ControlCodec::writeResult);
            }
            case Dial(var kind, var tickets) -> {
                out.writeByte(DIAL).writeByte(kind.code());
                writeList(out, tickets, TICKETS_MAX, Fields::writeTicket);
            }
            case DialFailed(var kind, var tickets, var why) -> {
                out.writeByte(DIAL_FAILED).writeByte(kind.code());
                writeList(out, tickets, TICKETS_MAX, Fields::writeTicket);
                writeWhy(out, why);
            }
            case Listen(var session, var request, var firstPort, var lastPort, var patience) -> {
                writeRequest(out.writeByte(LISTEN), session, request);
                writeU16(out, firstPort);
                writeU16(out, lastPort);
                writeDuration(out, patience);
            }
            case Listening(var request, var bound) -> {
                writeRequestId(out.writeByte(LISTENING), request);
                writeEndpoint(out, bound);
            }
            case ConnectPartner(var session, var request, var destination, var patience) -> {
                writeRequest(out.writeByte(CONNECT_PARTNER), session, request);
                writeEndpoint(out, destination);
                writeDuration(out, patience);
            }
            case Refused(var request, var kind, var why) -> {
                writeRequestId(out.writeByte(REFUSED), request);
                writeWhy(out.writeByte(kind.code()), why);
            }
            case Withdraw(var request) -> writeRequestId(out.writeByte(WITHDRAW), request);
            case Connect(
                            var request,
                            var entry,
                            var host,
                            var port,
                            var patience,
                            var idleTimeout,
                            var halfCloseTimeout) -> {
                out.writeByte(CONNECT).writeLong(request);
                writeName(out, entry);
                writeHost(out, host);
                writeU16(out, port);
                writeDuration(out, patience);
                writeDuration(out, idleTimeout);
                writeDuration(out, halfCloseTimeout);
            }
            case Bind(
                            var request,
                            var entry,
                            var host,
                            var firstPort,
                            var lastPort,
                            var patience,
                            var idleTimeout,
                            var halfCloseTimeout) -> {
                out.writeByte(BIND).writeLong(request);
                writeName(out, entry);
                writeHost(out, host);
                writeU16(out, firstPort);
                writeU16(out, lastPort);
                writeDuration(out, patience);
                writeDuration(out, idleTimeout);
                writeDuration(out, halfCloseTimeout);
            }
            case Ping(var number) -> out.writeByte(PING).writeLong(number);
            case Pong(var number) -> out.writeByte(PONG).writeLong(number);
            case Goodbye(var reason, var why, var retryAfter) -> {
                out.writeByte(GOODBYE).writeByte(reason.code());
                writeWhy(out, why);
                writeDuration(out, retryAfter);
            }
        }
    }

    /** Reads a frame that an agent sent. */
    public static FromAgent decodeFromAgent(ByteBuf frame) throws ProtocolException {
        return switch (decode(frame)) {
            case FromAgent message -> message;
            case FromGateway message -> throw wrongSide(message);
        };
    }

    /** Reads a frame that a gateway sent. */
    public static FromGateway decodeFromGateway(ByteBuf frame) throws ProtocolException {
        return switch (decode(frame)) {
            case FromGateway message -> message;
            case FromAgent message -> throw wrongSide(message);
        };
    }

    /** Reads a whole frame, whichever side sent it. The frame stays the caller's. */
    public static ControlMessage decode(ByteBuf frame) throws ProtocolException {
        if (frame.readableBytes() > CONTROL_FRAME_BYTES_MAX) {
            throw new ProtocolException("a control frame of " + frame.readableBytes() + " bytes");
        }
        int type = readU8(frame);
        ControlMessage message =
                switch (type) {
                    case HELLO -> new Hello(readU16(frame), readName(frame), readBits64(frame));
                    case WELCOME ->
                            new Welcome(
                                    readU16(frame),
                                    readName(frame),
                                    readName(frame),
                                    readOpeningKey(frame));
                    case PUBLISH -> new Publish(readRevision(frame), readServices(frame));
                    case PUBLISHED ->
                            new Published(
                                    readRevision(frame),
                                    readList(frame, LISTENERS_MAX, ControlCodec::readResult));
                    case DIAL -> new Dial(readKind(frame), readTickets(frame));
                    case DIAL_FAILED ->
                            new DialFailed(readKind(frame), readTickets(frame), readWhy(frame));
                    case PING -> new Ping(readBits64(frame));
                    case PONG -> new Pong(readBits64(frame));
                    case GOODBYE ->
                            new Goodbye(
                                    CloseReason.of(readU8(frame)),
                                    readWhy(frame),
                                    readDuration(frame));
                    case LISTEN ->
                            new Listen(
                                    readSession(frame),
                                    readBits64(frame),
                                    readU16(frame),
                                    readU16(frame),
                                    readDuration(frame));
                    case LISTENING -> new Listening(readRequestId(frame), readEndpoint(frame));
                    case CONNECT_PARTNER ->
                            new ConnectPartner(
                                    readSession(frame),
                                    readBits64(frame),
                                    readEndpoint(frame),
                                    readDuration(frame));
                    case REFUSED ->
                            new Refused(
                                    readRequestId(frame),
                                    RefusalKind.of(readU8(frame)),
                                    readWhy(frame));
                    case WITHDRAW -> new Withdraw(readRequestId(frame));
                    case CONNECT ->
                            new Connect(
                                    readBits64(frame),
                                    readName(frame),
                                    readHost(frame),
                                    readU16(frame),
                                    readDuration(frame),
                                    readDuration(frame),
                                    readDuration(frame));
                    case BIND ->
                            new Bind(
                                    readBits64(frame),
                                    readName(frame),
                                    readHost(frame),
                                    readU16(frame),
                                    readU16(frame),
                                    readDuration(frame),
                                    readDuration(frame),
                                    readDuration(frame));
                    default -> throw new ProtocolException("unknown type of message " + type);
                };
        if (frame.isReadable()) {
            throw new ProtocolException(
                    frame.readableBytes() + " bytes left over after " + nameOf(message));
        }
        return message;
    }

    private static ProtocolException wrongSide(ControlMessage message) {
        return new ProtocolException(nameOf(message) + " came from the wrong side");
    }

    private static String nameOf(ControlMessage message) {
        return message.getClass().getSimpleName();
    }

    private static void writeRequest(ByteBuf out, SessionId session, long request) {
        out.writeLong(session.value()).writeLong(request);
    }

    private static ChannelKind readKind(ByteBuf in) throws ProtocolException {
        return ChannelKind.of(readU8(in));
    }

    private static List<Ticket> readTickets(ByteBuf in) throws ProtocolException {
        return readList(in, TICKETS_MAX, Fields::readTicket);
    }

    private static List<ServiceSpec> readServices(ByteBuf in) throws ProtocolException {
        List<ServiceSpec> services = readList(in, SERVICES_MAX, ControlCodec::readService);
        if (listenersOf(services) > LISTENERS_MAX) {
            throw new ProtocolException(tooManyListeners(services));
        }
        return services;
    }

    private static int listenersOf(List<ServiceSpec> services) {
        return services.stream().mapToInt(service -> service.listeners().size()).sum();
    }

    private static String tooManyListeners(List<ServiceSpec> services) {
        return "%d listeners, where an agent may have %d"
                .formatted(listenersOf(services), LISTENERS_MAX);
    }

    private static void writeService(ByteBuf out, ServiceSpec service) {
        writeName(out, service.name());
        out.writeByte(service.kind().code());
        writeList(out, service.listeners(), LISTENERS_MAX, Fields::writeEndpoint);
        writeList(out, service.allow(), NETWORKS_MAX, Fields::writeNetwork);
        writeList(out, service.deny(), NETWORKS_MAX, Fields::writeNetwork);
        writeList(out, service.proxyProtocolFrom(), NETWORKS_MAX, Fields::writeNetwork);
        writeCount(out, service.maxSessions());
        writeDuration(out, service.idleTimeout());
        writeDuration(out, service.halfCloseTimeout());
        writeOptional(out, service.dataPorts(), Fields::writeDataPorts);
    }

    private static ServiceSpec readService(ByteBuf in) throws ProtocolException {
        return new ServiceSpec(
                readName(in),
                readKind(in),
                readList(in, LISTENERS_MAX, Fields::readEndpoint),
                readList(in, NETWORKS_MAX, Fields::readNetwork),
                readList(in, NETWORKS_MAX, Fields::readNetwork),
                readList(in, NETWORKS_MAX, Fields::readNetwork),
                readCount(in),
                readDuration(in),
                readDuration(in),
                readOptional(in, Fields::readDataPorts));
    }

    private static void writeResult(ByteBuf out, ListenerResult result) {
        switch (result) {
            case ListenerResult.Opened(var service, var requested, var bound) -> {
                out.writeByte(LISTENER_OPENED);
                writeName(out, service);
                writeEndpoint(out, requested);
                writeEndpoint(out, bound);
            }
            case ListenerResult.Failed(var service, var requested, var why) -> {
                out.writeByte(LISTENER_FAILED);
                writeName(out, service);
                writeEndpoint(out, requested);
                writeWhy(out, why);
            }
        }
    }

    private static ListenerResult readResult(ByteBuf in) throws ProtocolException {
        int state = readU8(in);
        return switch (state) {
            case LISTENER_OPENED ->
                    new ListenerResult.Opened(readName(in), readEndpoint(in), readEndpoint(in));
            case LISTENER_FAILED ->
                    new ListenerResult.Failed(readName(in), readEndpoint(in), readWhy(in));
            default -> throw new ProtocolException("unknown state of a listener " + state);
        };
    }
}
