package io.sallyport.copy.remote;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place at a partner: what a URL says.
 *
 * @param user null if the URL names none
 * @param path decoded, without the slash after the host; for HTTP as it was written
 */
public record Address(Scheme scheme, @Nullable String user, String host, int port, String path) {
    private static final Pattern URL =
            Pattern.compile(
                    "(?<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?:(?<user>[^/@]*)@)?"
                            + "(?<host>\\[[0-9A-Fa-f:.]+]|[^/:@\\[\\]]+)(?::(?<port>\\d{1,5}))?"
                            + "(?:/(?<path>.*))?",
                    Pattern.DOTALL);

    /** The protocols, as URLs name them. */
    public enum Scheme {
        SFTP("sftp", 22),
        SCP("scp", 22),
        FTP("ftp", 21),
        FTPS("ftps", 21),
        FTPS_IMPLICIT("ftps+implicit", 990),
        HTTP("http", 80),
        HTTPS("https", 443);

        private final String text;
        private final int port;

        Scheme(String text, int port) {
            this.text = text;
            this.port = port;
        }

        /** Whether this is HTTP, with TLS or without. */
        public boolean isHttp() {
            return this == HTTP || this == HTTPS;
        }

        private static Optional<Scheme> of(String text) {
            return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether this is meant as a URL, known or not, and not as a local path. */
    public static boolean isUrl(String text) {
        return text.contains("://");
    }

    /**
     * Reads a URL.
     *
     * @throws CopyException a usage fault, if it is none that can be copied from or to
     */
    public static Address parse(String text) throws CopyException {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw CopyException.usage("this is no URL: " + text);
        }
        String name = url.group("scheme").toLowerCase(Locale.ROOT);
        Scheme scheme =
                Scheme.of(name)
                        .orElseThrow(() ->
                                CopyException.usage(
                                        "%s: is not known here; known are %s"
                                                .formatted(
                                                        name, Arrays.toString(Scheme.values()))));
        @Nullable String user = url.group("user");
        if (user != null && user.contains(":")) {
            throw CopyException.usage(
                    "a password in a URL can be read by others on this host: leave it out and set"
                            + " SALLYPORT_PASSWORD, or type it when asked");
        }
        @Nullable String port = url.group("port");
        int number = port == null ? scheme.port : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw CopyException.usage("a port goes from 1 to 65535, but was " + number);
        }
        String host = url.group("host").replaceAll("[\\[\\]]", "");
        @Nullable String path = url.group("path");
        String rest = path == null ? "" : path;
        return new Address(
                scheme,
                user == null ? null : decoded(user),
                host,
                number,
                scheme.isHttp() ? rest : decoded(rest));
    }

    private static String decoded(String text) throws CopyException {
        try {
            String plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (plain.chars().anyMatch(letter -> letter < ' ' || letter == 0x7f)) {
                throw CopyException.usage("a control character in a URL is not taken");
            }
            return plain;
        } catch (IllegalArgumentException unfit) {
            throw CopyException.usage("a % in a URL must be followed by two hexadecimal digits");
        }
    }

    public Address withPath(String other) {
        return new Address(scheme, user, host, port, other);
    }

    /** Whether a connection to one serves the other, too. */
    public boolean sameServer(Address other) {
        return withPath("").equals(other.withPath(""));
    }

    /** Host and port, for sentences. */
    public String server() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + (user == null ? "" : user + "@") + server() + "/" + path;
    }
}
