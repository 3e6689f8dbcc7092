package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields that messages and frames are made of. Reading past the end throws
 * IndexOutOfBoundsException.
 */
final class Wire {
    static final int NAME_BYTES_MAX = 255;
    static final int SENTENCE_BYTES_MAX = 1024;
    static final int LIST_MAX = 4096;

    private Wire() {}

    interface Reader<T> {
        T read(ByteBuf in) throws ProtocolException;
    }

    interface Writer<T> {
        void write(ByteBuf out, T value);
    }

    static void writeName(ByteBuf out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a name of over " + NAME_BYTES_MAX + " bytes: " + name);
        }
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static String readName(ByteBuf in) throws ProtocolException {
        return readText(in, NAME_BYTES_MAX);
    }

    /** Cuts what is too long: an error that is long must not break the channel that tells it. */
    static void writeSentence(ByteBuf out, String sentence) {
        int end = Math.min(sentence.length(), SENTENCE_BYTES_MAX);
        while (ByteBufUtil.utf8Bytes(sentence.substring(0, end)) > SENTENCE_BYTES_MAX) {
            end--;
        }
        if (end > 0
                && end < sentence.length()
                && Character.isHighSurrogate(sentence.charAt(end - 1))) {
            end--;
        }
        byte[] bytes = sentence.substring(0, end).getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static String readSentence(ByteBuf in) throws ProtocolException {
        return readText(in, SENTENCE_BYTES_MAX);
    }

    private static String readText(ByteBuf in, int bytesMax) throws ProtocolException {
        int length = in.readUnsignedShort();
        if (length > bytesMax) {
            throw new ProtocolException(
                    "a text of " + length + " bytes where " + bytesMax + " are allowed");
        }
        byte[] bytes = new byte[Math.min(length, in.readableBytes())];
        if (bytes.length < length) {
            throw new IndexOutOfBoundsException();
        }
        in.readBytes(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw new ProtocolException("a text that is not UTF-8");
        }
    }

    static void writeAddress(ByteBuf out, InetAddress address) {
        byte[] bytes = address.getAddress();
        out.writeByte(bytes.length == 4 ? 4 : 6).writeBytes(bytes);
    }

    static InetAddress readAddress(ByteBuf in) throws ProtocolException {
        int family = in.readUnsignedByte();
        if (family != 4 && family != 6) {
            throw new ProtocolException("unknown address family " + family);
        }
        byte[] bytes = new byte[family == 4 ? 4 : 16];
        in.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new ProtocolException("an address that is none");
        }
    }

    static void writeEndpoint(ByteBuf out, Endpoint endpoint) {
        writeAddress(out, endpoint.address());
        out.writeShort(endpoint.port());
    }

    static Endpoint readEndpoint(ByteBuf in) throws ProtocolException {
        return new Endpoint(readAddress(in), in.readUnsignedShort());
    }

    static void writeNetwork(ByteBuf out, Network network) {
        writeAddress(out, network.address());
        out.writeByte(network.prefixBits());
    }

    static Network readNetwork(ByteBuf in) throws ProtocolException {
        InetAddress address = readAddress(in);
        int prefixBits = in.readUnsignedByte();
        if (prefixBits > address.getAddress().length * 8) {
            throw new ProtocolException("a network prefix of " + prefixBits + " bits");
        }
        return new Network(address, prefixBits);
    }

    static void writeTicket(ByteBuf out, Ticket ticket) {
        out.writeLong(ticket.high()).writeLong(ticket.low());
    }

    static Ticket readTicket(ByteBuf in) {
        return new Ticket(in.readLong(), in.readLong());
    }

    static void writeDuration(ByteBuf out, Duration duration) {
        long millis = duration.toMillis();
        if (millis < 0 || millis > 0xffff_ffffL) {
            throw new IllegalArgumentException("a duration that does not fit: " + duration);
        }
        out.writeInt((int) millis);
    }

    static Duration readDuration(ByteBuf in) {
        return Duration.ofMillis(in.readUnsignedInt());
    }

    static void writeOpening(ByteBuf out, SessionOpening opening) {
        out.writeLong(opening.session().value());
        writeName(out, opening.service());
        writeEndpoint(out, opening.partner());
        writeEndpoint(out, opening.reached());
    }

    static SessionOpening readOpening(ByteBuf in) throws ProtocolException {
        return new SessionOpening(
                new SessionId(in.readLong()), readName(in), readEndpoint(in), readEndpoint(in));
    }

    static <T> void writeList(ByteBuf out, List<T> list, Writer<T> writer) {
        if (list.size() > LIST_MAX) {
            throw new IllegalArgumentException("a list of over " + LIST_MAX + " entries");
        }
        out.writeShort(list.size());
        list.forEach(entry -> writer.write(out, entry));
    }

    static <T> List<T> readList(ByteBuf in, Reader<T> reader) throws ProtocolException {
        int size = in.readUnsignedShort();
        if (size > LIST_MAX) {
            throw new ProtocolException(
                    "a list of " + size + " entries where " + LIST_MAX + " are allowed");
        }
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return list;
    }
}
