package io.sallyport.agent.forward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request to a proxy, read strictly: what two readers could take for two things is
 * refused (RFC 9112, section 11.2).
 *
 * @param head what the origin is sent instead; empty for CONNECT
 * @param contentLength if that is the framing
 * @param credentials what the client says of itself to the proxy
 */
record HttpRequest(
        boolean isConnect,
        String host,
        int port,
        String head,
        Framing framing,
        long contentLength,
        @Nullable String credentials) {
    /** How the end of the body is known. */
    enum Framing {
        NONE,
        LENGTH,
        CHUNKED
    }

    /** A request that is answered by the proxy itself. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String why;

        Malformed(int status, String why) {
            super(why);
            this.status = status;
            this.why = why;
        }

        int status() {
            return status;
        }

        String why() {
            return why;
        }
    }

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern LINE =
            Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/(\\d)\\.(\\d)");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:@/]+))(?::(\\d{1,5}))?");
    private static final Pattern URL = Pattern.compile("(?i)http://([^/?#]*)([^#]*)");
    private static final int HTTP_PORT = 80;

    /** Fields that are for the next hop only (RFC 9110, section 7.6.1). */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authorization",
                    "proxy-authenticate",
                    "te",
                    "trailer",
                    "upgrade",
                    "host");

    private record Field(String name, String value) {}

    static HttpRequest parse(String text) throws Malformed {
        String[] lines = text.substring(0, text.length() - 4).split("\r\n", -1);
        Matcher line = LINE.matcher(lines[0]);
        if (!line.matches()) {
            throw new Malformed(400, "this is no request to an HTTP proxy");
        }
        if (!line.group(3).equals("1")) {
            throw new Malformed(505, "this proxy speaks HTTP/1.1 and HTTP/1.0");
        }
        List<Field> fields = fields(lines);
        String credentials = null;
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase("proxy-authorization")) {
                credentials = field.value();
            }
        }
        String method = line.group(1);
        String target = line.group(2);
        if (method.equals("CONNECT")) {
            var authority = authority(target, 0);
            return new HttpRequest(
                    true, authority.host, authority.port, "", Framing.NONE, 0, credentials);
        }
        Matcher url = URL.matcher(target);
        if (!url.matches()) {
            throw notForProxies(target);
        }
        var authority = authority(url.group(1), HTTP_PORT);
        long length = contentLength(fields);
        boolean chunked = isChunked(fields);
        if (chunked && length >= 0) {
            throw new Malformed(400, "the request has a Content-Length and a Transfer-Encoding");
        }
        String path = url.group(2);
        if (!path.startsWith("/")) {
            path = "/" + path;
        }
        var head = new StringBuilder();
        head.append(method).append(' ').append(path).append(" HTTP/1.").append(line.group(4));
        head.append("\r\nHost: ").append(url.group(1)).append("\r\n");
        forwarded(fields)
                .forEach(field ->
                        head.append(field.name())
                                .append(": ")
                                .append(field.value())
                                .append("\r\n"));
        head.append("Via: 1.").append(line.group(4)).append(" sallyport\r\n");
        head.append("Connection: close\r\n\r\n");
        return new HttpRequest(
                false,
                authority.host,
                authority.port,
                head.toString(),
                chunked ? Framing.CHUNKED : length > 0 ? Framing.LENGTH : Framing.NONE,
                Math.max(0, length),
                credentials);
    }

    private static Malformed notForProxies(String target) {
        if (target.regionMatches(true, 0, "https:", 0, 6)) {
            return new Malformed(400, "https goes through this proxy with CONNECT");
        }
        return target.contains("://")
                ? new Malformed(501, "this proxy takes http URLs and CONNECT only")
                : new Malformed(400, "this is a proxy: it takes http URLs and CONNECT only");
    }

    private static List<Field> fields(String[] lines) throws Malformed {
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches() || hasControlCharacter(field.group(2))) {
                throw new Malformed(400, "a header field of the request can't be read");
            }
            fields.add(new Field(field.group(1), field.group(2)));
        }
        return fields;
    }

    private static boolean hasControlCharacter(String value) {
        return value.chars()
                .anyMatch(character -> (character < ' ' && character != '\t') || character == 0x7f);
    }

    private static List<Field> forwarded(List<Field> fields) {
        Set<String> dropped = new HashSet<>(HOP_BY_HOP);
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase("connection")) {
                for (String option : field.value().split(",", -1)) {
                    dropped.add(option.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        // Without these the body that follows would be read as something else.
        dropped.remove("content-length");
        dropped.remove("transfer-encoding");
        return fields.stream()
                .filter(field -> !dropped.contains(field.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static long contentLength(List<Field> fields) throws Malformed {
        long length = -1;
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase("content-length")) {
                if (length >= 0 || !field.value().matches("\\d{1,18}")) {
                    throw new Malformed(400, "the request's Content-Length can't be read");
                }
                length = Long.parseLong(field.value());
            }
        }
        return length;
    }

    private static boolean isChunked(List<Field> fields) throws Malformed {
        boolean chunked = false;
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase("transfer-encoding")) {
                if (chunked || !field.value().equalsIgnoreCase("chunked")) {
                    throw new Malformed(501, "this proxy knows no Transfer-Encoding but chunked");
                }
                chunked = true;
            }
        }
        return chunked;
    }

    private record Authority(String host, int port) {}

    private static Authority authority(String written, int defaultPort) throws Malformed {
        Matcher authority = AUTHORITY.matcher(written);
        if (!authority.matches()) {
            throw new Malformed(400, "the request names no host and port that can be read");
        }
        String six = authority.group(1);
        String host = six == null ? authority.group(2) : six;
        int port = authority.group(3) == null ? defaultPort : Integer.parseInt(authority.group(3));
        if (host == null || port < 1 || port > 65_535) {
            throw new Malformed(400, "the request names no port from 1 to 65535");
        }
        return new Authority(host, port);
    }
}
