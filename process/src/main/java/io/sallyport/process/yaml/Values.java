package io.sallyport.process.yaml;

import io.sallyport.process.HostPort;
import io.sallyport.process.Ports;
import io.sallyport.process.destination.DestinationRule;
import io.sallyport.process.password.PasswordHash;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that configuration files have. */
public final class Values {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern HOST_PORT =
            Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/\\s]+):(\\d{1,5})");
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final String LABEL = "[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?";
    // A last label of digits only would be a mistyped IPv4 address, never a name (RFC 1123).
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)(?:" + LABEL + "\\.)*(?!\\d+$)" + LABEL);
    private static final Pattern PORTS = Pattern.compile("(.+):(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern PORT_RANGE_TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    private Values() {}

    private record Reader<T>(String wanted, T placeholder, Parser<T> parser)
            implements ValueReader<T> {
        @Override
        public T parse(String text, Path file) {
            return parser.parse(text, file);
        }
    }

    private interface Parser<T> {
        T parse(String text, Path file);
    }

    /** Names of gateways, agents and services: they appear in certificates, logs and file names. */
    public static final ValueReader<String> NAME_VALUE =
            new Reader<>(
                    "a name of at most 63 lower-case letters, digits, dots and hyphens",
                    "placeholder",
                    (text, _) -> {
                        if (!NAME.matcher(text).matches()) {
                            throw new IllegalArgumentException();
                        }
                        return text;
                    });

    public static final ValueReader<Boolean> BOOLEAN =
            new Reader<>(
                    "true or false",
                    false,
                    (text, _) ->
                            switch (text) {
                                case "true" -> true;
                                case "false" -> false;
                                default -> throw new IllegalArgumentException();
                            });

    public static final ValueReader<Path> FILE =
            new Reader<>(
                    "the path of a file",
                    Path.of(""),
                    (text, file) -> file.toAbsolutePath().resolveSibling(text).normalize());

    public static final ValueReader<Endpoint> ENDPOINT =
            new Reader<>(
                    "an IP address and a port, like 0.0.0.0:22 or [::]:22",
                    new Endpoint(ANY, 0),
                    (text, _) -> {
                        HostPort parts = hostPort(text, 0);
                        return new Endpoint(address(parts.host()), parts.port());
                    });

    public static final ValueReader<HostPort> HOST_AND_PORT =
            new Reader<>(
                    "a host and a port, like sftp.example.com:22, 10.0.0.5:22 or [fd00::5]:22",
                    new HostPort("placeholder", 1),
                    (text, _) -> hostPort(text, 1));

    public static final ValueReader<Network> NETWORK =
            new Reader<>(
                    "a network or an address, like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32",
                    new Network(ANY, 0),
                    (text, _) -> network(text));

    /** A range of ports on the addresses of a network. */
    public record PortsOfNetwork(Network network, int firstPort, int lastPort) {}

    public static final ValueReader<PortsOfNetwork> PORTS_OF_NETWORK =
            new Reader<>(
                    "an address or network and a port or ports, like 0.0.0.0:1-65535,"
                            + " 203.0.113.7:22 or [::]:443",
                    new PortsOfNetwork(new Network(ANY, 0), 1, 1),
                    (text, _) -> portsOfNetwork(text));

    public static final ValueReader<DestinationRule> DESTINATION_RULE =
            new Reader<>(
                    "names, an address or a network, and a port or ports, like *:443,"
                            + " *.partner.example:21-22, 10.0.0.0/8:22 or [2001:db8::7]:22",
                    new DestinationRule.OfName("*", new Ports(1, 1)),
                    (text, _) -> destinationRule(text));

    public static final ValueReader<PasswordHash> PASSWORD_HASH =
            new ValueReader<>() {
                @Override
                public String wanted() {
                    return "a line that sallyport password prints";
                }

                @Override
                public PasswordHash parse(String text, Path file) {
                    return PasswordHash.parse(text);
                }

                @Override
                public PasswordHash placeholder() {
                    return PasswordHash.NOBODY;
                }

                @Override
                public boolean isSecret() {
                    return true;
                }
            };

    public static final ValueReader<Ports> PORT_RANGE =
            new Reader<>(
                    "a range of ports, like 50000-50099",
                    new Ports(1, 1),
                    (text, _) -> portRange(text));

    public static final ValueReader<Inet4Address> IPV4_ADDRESS =
            new Reader<>(
                    "an IPv4 address, like 203.0.113.7",
                    (Inet4Address) ANY,
                    (text, _) -> {
                        if (address(text) instanceof Inet4Address address) {
                            return address;
                        }
                        throw new IllegalArgumentException("it is an IPv6 address");
                    });

    public static final ValueReader<String> HOST =
            new Reader<>(
                    "a host name or an IP address, like ftp.example.com or 10.0.0.5",
                    "placeholder",
                    (text, _) -> {
                        if (text.indexOf(':') >= 0) {
                            address(text);
                        } else if (!IPV4.matcher(text).matches()
                                && !HOST_NAME.matcher(text).matches()) {
                            throw new IllegalArgumentException();
                        }
                        return text;
                    });

    public static ValueReader<Integer> number(int least, int most) {
        return new Reader<>(
                "a whole number from " + least + " to " + most,
                least,
                (text, _) -> {
                    int value = Integer.parseInt(text);
                    if (value < least || value > most) {
                        throw new IllegalArgumentException();
                    }
                    return value;
                });
    }

    public static ValueReader<Duration> duration(Duration least, Duration most) {
        String wanted =
                "a time from "
                        + written(least)
                        + " to "
                        + written(most)
                        + ", like 500ms, 30s, 5m, 1h or 2d";
        return new Reader<>(
                wanted,
                least,
                (text, _) -> {
                    Matcher matcher = DURATION.matcher(text);
                    if (!matcher.matches()) {
                        throw new IllegalArgumentException();
                    }
                    long count = Long.parseLong(matcher.group(1));
                    Duration value =
                            switch (matcher.group(2)) {
                                case "ms" -> Duration.ofMillis(count);
                                case "s" -> Duration.ofSeconds(count);
                                case "m" -> Duration.ofMinutes(count);
                                case "h" -> Duration.ofHours(count);
                                default -> Duration.ofDays(count);
                            };
                    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        throw new IllegalArgumentException();
                    }
                    return value;
                });
    }

    private static String written(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    public static <E extends Enum<E>> ValueReader<E> word(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String words =
                Arrays.stream(constants).map(Values::written).collect(Collectors.joining(", "));
        return new Reader<>(
                "one of " + words,
                constants[0],
                (text, _) ->
                        Arrays.stream(constants)
                                .filter(constant -> written(constant).equals(text))
                                .findFirst()
                                .orElseThrow(IllegalArgumentException::new));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static HostPort hostPort(String text, int leastPort) {
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        String host = matcher.group(1);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw new IllegalArgumentException("brackets are for IPv6 addresses");
            }
            address(host);
        } else if (!IPV4.matcher(host).matches() && !HOST_NAME.matcher(host).matches()) {
            throw new IllegalArgumentException(host + " is neither a host name nor an address");
        }
        return new HostPort(host, port(matcher.group(2), leastPort));
    }

    /**
     * An address as everybody reads it. The JDK would also take {@code 10.1} and {@code 010.0.0.1},
     * which others read as other addresses.
     */
    private static InetAddress address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " is not an IP address");
        }
        InetAddress address = InetAddress.ofLiteral(text);
        if (address instanceof Inet4Address && text.indexOf(':') >= 0) {
            throw new IllegalArgumentException("write it as IPv4, " + address.getHostAddress());
        }
        return address;
    }

    private static int port(String text, int least) {
        int port = Integer.parseInt(text);
        if (port < least || port > 65_535) {
            throw new IllegalArgumentException("ports go from " + least + " to 65535");
        }
        return port;
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        int bits = address.getAddress().length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        InetAddress first = first(address, prefix);
        if (!first.equals(address)) {
            throw new IllegalArgumentException(
                    "bits are set after the first %d: the network is %s/%1$d"
                            .formatted(prefix, first.getHostAddress()));
        }
        return new Network(address, prefix);
    }

    private static int prefix(String text, int bits) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > bits) {
            throw new IllegalArgumentException("a number from 0 to " + bits + " follows the slash");
        }
        return Integer.parseInt(text);
    }

    /** The address with all bits after the prefix unset. */
    private static InetAddress first(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Ports portRange(String text) {
        Matcher matcher = PORT_RANGE_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        int first = port(matcher.group(1), 1);
        int last = matcher.group(2) == null ? first : port(matcher.group(2), 1);
        if (last < first) {
            throw new IllegalArgumentException("the range is reversed");
        }
        return new Ports(first, last);
    }

    private static DestinationRule destinationRule(String text) {
        Matcher matcher = PORTS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        String host = matcher.group(1).toLowerCase(Locale.ROOT);
        Ports ports = portRange(text.substring(text.lastIndexOf(':') + 1));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("IPv6 addresses, and no others, are in brackets");
        }
        if (!bracketed && host.indexOf('/') < 0 && !IPV4.matcher(host).matches()) {
            String name = host.startsWith("*.") ? host.substring(2) : host;
            if (!name.equals("*") && !HOST_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a * stands alone or before the first dot, like *.partner.example");
            }
            return new DestinationRule.OfName(host, ports);
        }
        Network network = network(bracketed ? host.substring(1, host.length() - 1) : host);
        if (network.address().isAnyLocalAddress() && network.prefixBits() > 0) {
            throw new IllegalArgumentException(
                    "write * for every partner, or 0.0.0.0/0 for every IPv4 address, private ones"
                            + " too");
        }
        return new DestinationRule.OfNetwork(network, ports);
    }

    private static PortsOfNetwork portsOfNetwork(String text) {
        Matcher matcher = PORTS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        String host = matcher.group(1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("IPv6 addresses, and no others, are in brackets");
        }
        Network network = network(bracketed ? host.substring(1, host.length() - 1) : host);
        // A wildcard means every address of its family.
        if (network.address().isAnyLocalAddress()) {
            network = new Network(network.address(), 0);
        }
        int first = port(matcher.group(2), 1);
        int last = matcher.group(3) == null ? first : port(matcher.group(3), 1);
        if (last < first) {
            throw new IllegalArgumentException("the range is reversed");
        }
        return new PortsOfNetwork(network, first, last);
    }
}
