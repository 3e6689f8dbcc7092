package io.sallyport.acceptance.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A PROXY protocol header, read byte by byte as its specification says.
 *
 * @param tlvs the values of a version 2 header by their type
 */
public record ProxyHeader(
        int version,
        InetSocketAddress source,
        InetSocketAddress destination,
        Map<Integer, byte[]> tlvs) {
    /** The type of the value that names a connection. */
    public static final int UNIQUE_ID = 0x05;

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    /** Reads a header in text form, up to and with its line end. */
    public static ProxyHeader readText(OriginSession session) throws IOException {
        var line = new StringBuilder();
        while (line.length() < 107 && !line.toString().endsWith("\r\n")) {
            line.append((char) session.readByte());
        }
        String[] words = line.toString().strip().split(" ", -1);
        if (words.length != 6 || !words[0].equals("PROXY")) {
            throw new IOException("not a PROXY line: " + line);
        }
        return new ProxyHeader(
                1, socketAddress(words[2], words[4]), socketAddress(words[3], words[5]), Map.of());
    }

    /** Reads a binary header of a stream connection, with its values. */
    public static ProxyHeader readBinary(OriginSession session) throws IOException {
        byte[] fixed = bytes(session, 16);
        if (!HexFormat.of().formatHex(fixed, 0, 12).equals(HexFormat.of().formatHex(SIGNATURE))) {
            throw new IOException("no signature but " + HexFormat.of().formatHex(fixed));
        }
        if (fixed[12] != 0x21) {
            throw new IOException("not a version 2 PROXY command: " + fixed[12]);
        }
        var rest = ByteBuffer.wrap(bytes(session, ByteBuffer.wrap(fixed, 14, 2).getShort()));
        int addressBytes =
                switch (fixed[13]) {
                    case 0x11 -> 4;
                    case 0x21 -> 16;
                    default -> throw new IOException("not TCP: " + fixed[13]);
                };
        InetAddress source = address(rest, addressBytes);
        InetAddress destination = address(rest, addressBytes);
        int sourcePort = Short.toUnsignedInt(rest.getShort());
        int destinationPort = Short.toUnsignedInt(rest.getShort());
        Map<Integer, byte[]> tlvs = new TreeMap<>();
        while (rest.hasRemaining()) {
            int type = Byte.toUnsignedInt(rest.get());
            byte[] value = new byte[Short.toUnsignedInt(rest.getShort())];
            rest.get(value);
            tlvs.put(type, value);
        }
        return new ProxyHeader(
                2,
                new InetSocketAddress(source, sourcePort),
                new InetSocketAddress(destination, destinationPort),
                tlvs);
    }

    /** The value of the type that names a connection, as text. */
    public String uniqueId() {
        return new String(tlvs.getOrDefault(UNIQUE_ID, new byte[0]), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(OriginSession session, int count) throws IOException {
        return session.read(count).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static InetAddress address(ByteBuffer from, int count) throws UnknownHostException {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return InetAddress.getByAddress(bytes);
    }

    private static InetSocketAddress socketAddress(String address, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), Integer.parseInt(port));
    }
}
