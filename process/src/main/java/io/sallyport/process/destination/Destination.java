package io.sallyport.process.destination;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a forward session is to reach.
 *
 * @param host a name in lower case without a dot at its end, or an address in its usual form
 * @param literal the address, if it was given as one
 */
public record Destination(String host, @Nullable InetAddress literal, int port) {
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f.:]*:[0-9a-f.:]*");
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";

    // What ends in a number is an address to some and a name to others: 127.1, 0x7f000001.
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)(?:" + LABEL + "\\.)*(?!\\d+$|0x[0-9a-f]*$)" + LABEL);

    /**
     * @throws IllegalArgumentException with a sentence, if the host is neither a name nor an
     *     address in the form that everybody reads alike
     */
    public static Destination of(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (IPV4.matcher(name).matches() || IPV6.matcher(name).matches()) {
            InetAddress literal;
            try {
                literal = InetAddress.ofLiteral(name);
            } catch (IllegalArgumentException malformed) {
                throw notAHost(host, malformed);
            }
            return new Destination(literal.getHostAddress(), literal, port);
        }
        if (!NAME.matcher(name).matches()) {
            throw notAHost(host, null);
        }
        return new Destination(name, null, port);
    }

    private static IllegalArgumentException notAHost(String host, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + host + "' is neither a host name nor an address in its usual form", cause);
    }

    /** {@code sftp.partner.example:22}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
