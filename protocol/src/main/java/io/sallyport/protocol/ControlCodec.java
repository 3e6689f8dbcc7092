package io.sallyport.protocol;

import static io.sallyport.protocol.Wire.readDuration;
import static io.sallyport.protocol.Wire.readEndpoint;
import static io.sallyport.protocol.Wire.readList;
import static io.sallyport.protocol.Wire.readName;
import static io.sallyport.protocol.Wire.readOpening;
import static io.sallyport.protocol.Wire.readSentence;
import static io.sallyport.protocol.Wire.readTicket;
import static io.sallyport.protocol.Wire.writeDuration;
import static io.sallyport.protocol.Wire.writeEndpoint;
import static io.sallyport.protocol.Wire.writeList;
import static io.sallyport.protocol.Wire.writeName;
import static io.sallyport.protocol.Wire.writeOpening;
import static io.sallyport.protocol.Wire.writeSentence;
import static io.sallyport.protocol.Wire.writeTicket;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.ControlMessage.Welcome;

/** Pure translation between one frame of a control channel and one message. */
public final class ControlCodec {
    private static final int HELLO = 1;
    private static final int WELCOME = 2;
    private static final int PUBLISH = 3;
    private static final int PUBLISHED = 4;
    private static final int DIAL = 5;
    private static final int DIAL_FAILED = 6;
    private static final int OPEN_RAW = 7;
    private static final int RAW_ENDED = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int GOODBYE = 11;

    private static final int LISTENER_OPENED = 1;
    private static final int LISTENER_FAILED = 2;

    private ControlCodec() {}

    public static void encode(ControlMessage message, ByteBuf out) {
        switch (message) {
            case Hello(var minor, var software, var instance) -> {
                out.writeByte(HELLO).writeShort(minor);
                writeName(out, software);
                out.writeLong(instance);
            }
            case Welcome(var minor, var gateway, var software) -> {
                out.writeByte(WELCOME).writeShort(minor);
                writeName(out, gateway);
                writeName(out, software);
            }
            case Publish(var revision, var services) -> {
                out.writeByte(PUBLISH).writeLong(revision);
                writeList(out, services, ControlCodec::writeService);
            }
            case Published(var revision, var listeners) -> {
                out.writeByte(PUBLISHED).writeLong(revision);
                writeList(out, listeners, ControlCodec::writeResult);
            }
            case Dial(var kind, var tickets) -> {
                out.writeByte(DIAL).writeByte(kind.code());
                writeList(out, tickets, Wire::writeTicket);
            }
            case DialFailed(var kind, var tickets, var why) -> {
                out.writeByte(DIAL_FAILED).writeByte(kind.code());
                writeList(out, tickets, Wire::writeTicket);
                writeSentence(out, why);
            }
            case OpenRaw(var ticket, var opening) -> {
                out.writeByte(OPEN_RAW);
                writeTicket(out, ticket);
                writeOpening(out, opening);
            }
            case RawEnded(var session, var reason, var why) -> {
                out.writeByte(RAW_ENDED).writeLong(session.value()).writeByte(reason.code());
                writeSentence(out, why);
            }
            case Ping(var number) -> out.writeByte(PING).writeLong(number);
            case Pong(var number) -> out.writeByte(PONG).writeLong(number);
            case Goodbye(var reason, var why, var retryAfter) -> {
                out.writeByte(GOODBYE).writeByte(reason.code());
                writeSentence(out, why);
                writeDuration(out, retryAfter);
            }
        }
    }

    /** Reads what an agent sent. */
    public static FromAgent decodeFromAgent(ByteBuf frame) throws ProtocolException {
        if (decode(frame) instanceof FromAgent message) {
            return message;
        }
        throw new ProtocolException("a message that only gateways send");
    }

    /** Reads what a gateway sent. */
    public static FromGateway decodeFromGateway(ByteBuf frame) throws ProtocolException {
        if (decode(frame) instanceof FromGateway message) {
            return message;
        }
        throw new ProtocolException("a message that only agents send");
    }

    public static ControlMessage decode(ByteBuf frame) throws ProtocolException {
        try {
            int type = frame.readUnsignedByte();
            ControlMessage message =
                    switch (type) {
                        case HELLO ->
                                new Hello(
                                        frame.readUnsignedShort(),
                                        readName(frame),
                                        frame.readLong());
                        case WELCOME ->
                                new Welcome(
                                        frame.readUnsignedShort(),
                                        readName(frame),
                                        readName(frame));
                        case PUBLISH ->
                                new Publish(
                                        frame.readLong(),
                                        readList(frame, ControlCodec::readService));
                        case PUBLISHED ->
                                new Published(
                                        frame.readLong(),
                                        readList(frame, ControlCodec::readResult));
                        case DIAL -> new Dial(readKind(frame), readList(frame, Wire::readTicket));
                        case DIAL_FAILED ->
                                new DialFailed(
                                        readKind(frame),
                                        readList(frame, Wire::readTicket),
                                        readSentence(frame));
                        case OPEN_RAW -> new OpenRaw(readTicket(frame), readOpening(frame));
                        case RAW_ENDED ->
                                new RawEnded(
                                        new SessionId(frame.readLong()),
                                        EndReason.of(frame.readUnsignedByte()),
                                        readSentence(frame));
                        case PING -> new Ping(frame.readLong());
                        case PONG -> new Pong(frame.readLong());
                        case GOODBYE ->
                                new Goodbye(
                                        CloseReason.of(frame.readUnsignedByte()),
                                        readSentence(frame),
                                        readDuration(frame));
                        default -> throw new ProtocolException("unknown type of message " + type);
                    };
            if (frame.isReadable()) {
                throw new ProtocolException(
                        frame.readableBytes() + " bytes left over after message type " + type);
            }
            return message;
        } catch (IndexOutOfBoundsException cut) {
            throw new ProtocolException("a message that is cut short");
        }
    }

    private static ChannelKind readKind(ByteBuf in) throws ProtocolException {
        return ChannelKind.of(in.readUnsignedByte());
    }

    private static void writeService(ByteBuf out, ServiceSpec service) {
        writeName(out, service.name());
        out.writeByte(service.kind().code());
        writeList(out, service.listeners(), Wire::writeEndpoint);
        writeList(out, service.allow(), Wire::writeNetwork);
        writeList(out, service.deny(), Wire::writeNetwork);
        writeList(out, service.proxyProtocolFrom(), Wire::writeNetwork);
        out.writeInt(service.maxSessions());
        writeDuration(out, service.idleTimeout());
        writeDuration(out, service.halfCloseTimeout());
    }

    private static ServiceSpec readService(ByteBuf in) throws ProtocolException {
        return new ServiceSpec(
                readName(in),
                readKind(in),
                readList(in, Wire::readEndpoint),
                readList(in, Wire::readNetwork),
                readList(in, Wire::readNetwork),
                readList(in, Wire::readNetwork),
                readCount(in),
                readDuration(in),
                readDuration(in));
    }

    private static int readCount(ByteBuf in) throws ProtocolException {
        int count = in.readInt();
        if (count < 0) {
            throw new ProtocolException("a count that does not fit");
        }
        return count;
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
                writeSentence(out, why);
            }
        }
    }

    private static ListenerResult readResult(ByteBuf in) throws ProtocolException {
        int state = in.readUnsignedByte();
        return switch (state) {
            case LISTENER_OPENED ->
                    new ListenerResult.Opened(readName(in), readEndpoint(in), readEndpoint(in));
            case LISTENER_FAILED ->
                    new ListenerResult.Failed(readName(in), readEndpoint(in), readSentence(in));
            default -> throw new ProtocolException("unknown state of a listener " + state);
        };
    }
}
