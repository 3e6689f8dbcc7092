package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms in which FTP writes addresses and ports (RFC 959, section 4.1.2; RFC 2428). */
final class Addresses {
    private static final Pattern HOST_PORT =
            Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");

    /** Some servers put blanks behind the commas. */
    private static final Pattern PASSIVE_HOST_PORT =
            Pattern.compile(HOST_PORT.pattern().replace(",(", "\\s*,\\s*("));

    private static final int EXTENDED_PARTS = 5;

    /** What EPRT may say that can't be had. */
    enum Fault {
        SYNTAX,
        PROTOCOL
    }

    /** An address, or what is wrong with it. */
    record Parsed(@Nullable Endpoint endpoint, @Nullable Fault fault) {
        static Parsed of(Fault fault) {
            return new Parsed(null, fault);
        }
    }

    private Addresses() {}

    /** The argument of PORT. */
    static Parsed port(String argument) {
        Matcher numbers = HOST_PORT.matcher(argument.strip());
        if (!numbers.matches()) {
            return Parsed.of(Fault.SYNTAX);
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = Integer.parseInt(numbers.group(i + 1));
            if (part > 255) {
                return Parsed.of(Fault.SYNTAX);
            }
            address[i] = (byte) part;
        }
        OptionalInt port = portOf(numbers.group(5), numbers.group(6));
        return port.isEmpty() ? Parsed.of(Fault.SYNTAX) : parsed(address, port.getAsInt());
    }

    private static OptionalInt portOf(String high, String low) {
        int first = Integer.parseInt(high);
        int second = Integer.parseInt(low);
        int port = first * 256 + second;
        return first > 255 || second > 255 || port == 0
                ? OptionalInt.empty()
                : OptionalInt.of(port);
    }

    private static Parsed parsed(byte[] address, int port) {
        try {
            return new Parsed(new Endpoint(InetAddress.getByAddress(address), port), null);
        } catch (UnknownHostException impossible) {
            return Parsed.of(Fault.SYNTAX);
        }
    }

    /** The argument of EPRT: {@code |1|192.0.2.1|50000|}; the first character delimits. */
    static Parsed extendedPort(String argument) {
        String text = argument.strip();
        if (text.isEmpty()) {
            return Parsed.of(Fault.SYNTAX);
        }
        String[] parts = text.split(Pattern.quote(text.substring(0, 1)), -1);
        if (parts.length != EXTENDED_PARTS || !parts[3].matches("\\d{1,5}")) {
            return Parsed.of(Fault.SYNTAX);
        }
        if (!parts[1].equals("1") && !parts[1].equals("2")) {
            return Parsed.of(Fault.PROTOCOL);
        }
        int port = Integer.parseInt(parts[3]);
        try {
            InetAddress address = InetAddress.ofLiteral(parts[2]);
            boolean ipv4 = address instanceof Inet4Address;
            boolean scoped = parts[2].indexOf('%') >= 0;
            if (ipv4 != parts[1].equals("1") || port == 0 || port > 65_535 || scoped) {
                return Parsed.of(Fault.SYNTAX);
            }
            return new Parsed(new Endpoint(address, port), null);
        } catch (IllegalArgumentException notAnAddress) {
            return Parsed.of(Fault.SYNTAX);
        }
    }

    /** Whether this is an IPv6 address as it is written between brackets, without a scope. */
    static boolean isIpv6(String text) {
        try {
            return text.indexOf('%') < 0 && InetAddress.ofLiteral(text) instanceof Inet6Address;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    /** The command that tells the server to connect there, in the form of the address's family. */
    static String activeCommand(Endpoint endpoint) {
        boolean ipv4 = endpoint.address() instanceof Inet4Address;
        return ipv4
                ? "PORT " + hostPort(endpoint)
                : "EPRT |2|" + endpoint.address().getHostAddress() + "|" + endpoint.port() + "|";
    }

    /** {@code 192,0,2,1,195,80}. */
    static String hostPort(Endpoint endpoint) {
        return endpoint.address().getHostAddress().replace('.', ',')
                + ","
                + endpoint.port() / 256
                + ","
                + endpoint.port() % 256;
    }

    /** The port in a 227 reply, wherever in the text it stands (RFC 1123, section 4.1.2.6). */
    static OptionalInt portOfPassiveReply(String text) {
        Matcher numbers = PASSIVE_HOST_PORT.matcher(text);
        return numbers.find() ? portOf(numbers.group(5), numbers.group(6)) : OptionalInt.empty();
    }

    /** The port in a 229 reply: {@code (|||50000|)}. */
    static OptionalInt portOfExtendedReply(String text) {
        int open = text.indexOf('(');
        int close = text.indexOf(')', open + 1);
        if (open < 0 || close - open < EXTENDED_PARTS) {
            return OptionalInt.empty();
        }
        String inside = text.substring(open + 1, close);
        String[] parts = inside.split(Pattern.quote(inside.substring(0, 1)), -1);
        if (parts.length != EXTENDED_PARTS || !parts[3].matches("\\d{1,5}")) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(parts[3]);
        return port < 1 || port > 65_535 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
