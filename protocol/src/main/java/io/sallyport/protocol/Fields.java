package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields that messages and frames are made of. Each value has one form only, so whatever is
 * read is written again byte by byte. Reading checks every bound before it takes memory.
 */
final class Fields {
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    /** What Java reads for bytes that are not UTF-8, and for itself. */
    private static final char REPLACEMENT = '\uFFFD';

    interface Reader<T> {
        T read(ByteBuf in) throws ProtocolException;
    }

    interface Writer<T> {
        void write(ByteBuf out, T value);
    }

    private Fields() {}

    static int readU8(ByteBuf in) throws ProtocolException {
        return need(in, 1).readUnsignedByte();
    }

    static int readU16(ByteBuf in) throws ProtocolException {
        return need(in, 2).readUnsignedShort();
    }

    static long readU32(ByteBuf in) throws ProtocolException {
        return need(in, 4).readUnsignedInt();
    }

    /** Any 64 bits: numbers that are compared for equality only. */
    static long readBits64(ByteBuf in) throws ProtocolException {
        return need(in, 8).readLong();
    }

    private static ByteBuf need(ByteBuf in, int bytes) throws ProtocolException {
        if (in.readableBytes() < bytes) {
            throw new ProtocolException("cut short");
        }
        return in;
    }

    static void writeU16(ByteBuf out, int value) {
        out.writeShort(inRange(value, 0xffff));
    }

    /** A count that fits an {@code int}: on the wire 32 bits, of which the first is 0. */
    static void writeCount(ByteBuf out, int value) {
        out.writeInt(inRange(value, Integer.MAX_VALUE));
    }

    static int readCount(ByteBuf in) throws ProtocolException {
        long value = readU32(in);
        if (value > Integer.MAX_VALUE) {
            throw new ProtocolException("number out of range: " + value);
        }
        return (int) value;
    }

    private static int inRange(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("number out of range: " + value);
        }
        return value;
    }

    static void writeRevision(ByteBuf out, long revision) {
        if (revision < 0) {
            throw new IllegalArgumentException("negative revision: " + revision);
        }
        out.writeLong(revision);
    }

    static long readRevision(ByteBuf in) throws ProtocolException {
        long revision = readBits64(in);
        if (revision < 0) {
            throw new ProtocolException("revision out of range");
        }
        return revision;
    }

    static void writeDuration(ByteBuf out, Duration duration) {
        if (duration.isNegative() || duration.compareTo(Protocol.DURATION_MAX) > 0) {
            throw new IllegalArgumentException("duration out of range: " + duration);
        }
        out.writeInt((int) duration.toMillis());
    }

    static Duration readDuration(ByteBuf in) throws ProtocolException {
        return Duration.ofMillis(readU32(in));
    }

    /** Names are never cut: a cut name would be another one. */
    static void writeName(ByteBuf out, String name) {
        writeText(out, name, Protocol.NAME_BYTES_MAX);
    }

    /** The name or the address of a host, which may be longer than other names. */
    static void writeHost(ByteBuf out, String host) {
        writeText(out, host, Protocol.HOST_BYTES_MAX);
    }

    private static void writeText(ByteBuf out, String name, int bytesMax) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(name)) {
            throw new IllegalArgumentException("a name that has no form in UTF-8");
        }
        if (bytes.length < 1 || bytes.length > bytesMax) {
            throw new IllegalArgumentException(
                    "a name takes 1 to %d bytes, but this one takes %d: %s"
                            .formatted(bytesMax, bytes.length, name));
        }
        if (hasControlCharacter(name)) {
            throw new IllegalArgumentException("a name with a control character");
        }
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static String readName(ByteBuf in) throws ProtocolException {
        return notEmpty(readText(in, Protocol.NAME_BYTES_MAX));
    }

    static String readHost(ByteBuf in) throws ProtocolException {
        return notEmpty(readText(in, Protocol.HOST_BYTES_MAX));
    }

    private static String notEmpty(String name) throws ProtocolException {
        if (name.isEmpty()) {
            throw new ProtocolException("a name is empty");
        }
        return name;
    }

    /**
     * Writes whatever it is given: the text is cut at its bound, and what a log line cannot hold is
     * replaced, so that telling of an error never becomes an error.
     */
    static void writeWhy(ByteBuf out, String why) {
        // No character takes less than a byte, so more of them are never needed.
        String start = why.substring(0, Math.min(why.length(), Protocol.WHY_BYTES_MAX + 1));
        byte[] bytes = withoutControlCharacters(start).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Protocol.WHY_BYTES_MAX);
        while (length < bytes.length && isWithinCharacter(bytes[length])) {
            length--;
        }
        out.writeShort(length).writeBytes(bytes, 0, length);
    }

    private static boolean isWithinCharacter(byte utf8) {
        return (utf8 & 0xc0) == 0x80;
    }

    static String readWhy(ByteBuf in) throws ProtocolException {
        return readText(in, Protocol.WHY_BYTES_MAX);
    }

    private static String readText(ByteBuf in, int bytesMax) throws ProtocolException {
        int length = readU16(in);
        if (length > bytesMax) {
            throw new ProtocolException(
                    "a text of " + length + " bytes, where " + bytesMax + " are allowed");
        }
        need(in, length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new ProtocolException("a text is not UTF-8");
        }
        if (hasControlCharacter(text)) {
            // It would let a peer write lines of its own into our log.
            throw new ProtocolException("a text has a control character");
        }
        return text;
    }

    private static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutControlCharacters(String text) {
        var clean = new StringBuilder(text);
        for (int i = 0; i < clean.length(); i++) {
            if (Character.isISOControl(clean.charAt(i))) {
                clean.setCharAt(i, ' ');
            }
        }
        return clean.toString();
    }

    static void writeEndpoint(ByteBuf out, Endpoint endpoint) {
        writeAddress(out, endpoint.address());
        out.writeShort(endpoint.port());
    }

    static Endpoint readEndpoint(ByteBuf in) throws ProtocolException {
        return new Endpoint(readAddress(in), readU16(in));
    }

    static void writeNetwork(ByteBuf out, Network network) {
        writeAddress(out, network.address());
        out.writeByte(network.prefixBits());
    }

    static Network readNetwork(ByteBuf in) throws ProtocolException {
        InetAddress address = readAddress(in);
        int prefixBits = readU8(in);
        if (prefixBits > address.getAddress().length * 8) {
            throw new ProtocolException("prefix of a network out of range: /" + prefixBits);
        }
        return new Network(address, prefixBits);
    }

    private static void writeAddress(ByteBuf out, InetAddress address) {
        byte[] bytes = address.getAddress();
        out.writeByte(bytes.length == 4 ? IPV4 : IPV6).writeBytes(bytes);
    }

    private static InetAddress readAddress(ByteBuf in) throws ProtocolException {
        int family = readU8(in);
        byte[] bytes =
                switch (family) {
                    case IPV4 -> new byte[4];
                    case IPV6 -> new byte[16];
                    default -> throw new ProtocolException("unknown kind of address " + family);
                };
        need(in, bytes.length).readBytes(bytes);
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address.getAddress().length != bytes.length) {
                throw new ProtocolException("an IPv4 address in the form of IPv6");
            }
            return address;
        } catch (UnknownHostException impossible) {
            throw new ProtocolException("not an address: " + bytes.length + " bytes");
        }
    }

    static void writeTicket(ByteBuf out, Ticket ticket) {
        out.writeLong(ticket.high()).writeLong(ticket.low());
    }

    static Ticket readTicket(ByteBuf in) throws ProtocolException {
        return new Ticket(readBits64(in), readBits64(in));
    }

    static void writeOpeningKey(ByteBuf out, OpeningKey key) {
        out.writeLong(key.high()).writeLong(key.low());
    }

    static OpeningKey readOpeningKey(ByteBuf in) throws ProtocolException {
        return new OpeningKey(readBits64(in), readBits64(in));
    }

    static void writeOpening(ByteBuf out, SessionOpening opening) {
        out.writeLong(opening.session().value());
        writeName(out, opening.service());
        writeEndpoint(out, opening.partner());
        writeEndpoint(out, opening.reached());
        writeOptional(out, opening.request(), Fields::writeRequestId);
    }

    static SessionOpening readOpening(ByteBuf in) throws ProtocolException {
        return new SessionOpening(
                readSession(in),
                readName(in),
                readEndpoint(in),
                readEndpoint(in),
                readOptional(in, Fields::readRequestId));
    }

    static SessionId readSession(ByteBuf in) throws ProtocolException {
        return new SessionId(readBits64(in));
    }

    static void writeRequestId(ByteBuf out, RequestId request) {
        writeOptional(out, request.beside(), (bytes, session) -> bytes.writeLong(session.value()));
        out.writeLong(request.number());
    }

    static RequestId readRequestId(ByteBuf in) throws ProtocolException {
        return new RequestId(readOptional(in, Fields::readSession), readBits64(in));
    }

    static void writeDataPorts(ByteBuf out, DataPorts ports) {
        writeFlag(out, ports.held());
        out.writeShort(ports.first()).writeShort(ports.last());
    }

    static DataPorts readDataPorts(ByteBuf in) throws ProtocolException {
        boolean held = readFlag(in);
        int first = readU16(in);
        int last = readU16(in);
        if (first < 1 || first > last) {
            throw new ProtocolException("ports out of range: " + first + "-" + last);
        }
        return new DataPorts(held, first, last);
    }

    static <T> void writeOptional(ByteBuf out, @Nullable T value, Writer<T> writer) {
        writeFlag(out, value != null);
        if (value != null) {
            writer.write(out, value);
        }
    }

    static <T> @Nullable T readOptional(ByteBuf in, Reader<T> reader) throws ProtocolException {
        return readFlag(in) ? reader.read(in) : null;
    }

    private static void writeFlag(ByteBuf out, boolean flag) {
        out.writeByte(flag ? 1 : 0);
    }

    private static boolean readFlag(ByteBuf in) throws ProtocolException {
        int flag = readU8(in);
        if (flag > 1) {
            throw new ProtocolException("neither yes nor no: " + flag);
        }
        return flag == 1;
    }

    static <T> void writeList(ByteBuf out, List<T> list, int max, Writer<T> writer) {
        if (list.size() > max) {
            throw new IllegalArgumentException(
                    "a list of " + list.size() + ", where " + max + " are allowed");
        }
        out.writeShort(list.size());
        list.forEach(entry -> writer.write(out, entry));
    }

    static <T> List<T> readList(ByteBuf in, int max, Reader<T> reader) throws ProtocolException {
        int size = readU16(in);
        if (size > max) {
            throw new ProtocolException("a list of " + size + ", where " + max + " are allowed");
        }
        // Grows with what is really there, whatever the peer says how much there is.
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return list;
    }
}
