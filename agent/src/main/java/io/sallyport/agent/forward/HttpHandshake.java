package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy's part (RFC 9110): CONNECT, and requests for http URLs, one a connection. */
final class HttpHandshake implements Handshake {
    private static final int BYTES_MAX = 64 * 1024;
    private static final ByteBuf HEAD_END =
            Unpooled.unreleasableBuffer(text("\r\n\r\n")).asReadOnly();

    private final boolean wantsPassword;
    private @Nullable HttpRequest request;

    HttpHandshake(boolean wantsPassword) {
        this.wantsPassword = wantsPassword;
    }

    @Override
    public int bytesMax() {
        return BYTES_MAX;
    }

    @Override
    public Step read(ByteBuf in) {
        int length = headLength(in);
        if (length < 0) {
            return in.readableBytes() >= BYTES_MAX
                    ? refuse(431, "the head of the request is longer than 64 KiB")
                    : new More();
        }
        HttpRequest read;
        try {
            read = HttpRequest.parse(in.readString(length, ISO_8859_1));
        } catch (HttpRequest.Malformed malformed) {
            return refuse(malformed.status(), malformed.why());
        }
        request = read;
        return wantsPassword ? login(read.credentials()) : ask(read);
    }

    private static int headLength(ByteBuf in) {
        int at = ByteBufUtil.indexOf(HEAD_END, in);
        return at < 0 ? -1 : at + HEAD_END.readableBytes() - in.readerIndex();
    }

    private static Step login(@Nullable String credentials) {
        if (credentials == null) {
            return refuse(407, "this proxy asks for a user and a password");
        }
        String[] words = credentials.split(" +", 2);
        if (words.length == 2 && words[0].equalsIgnoreCase("Basic")) {
            try {
                String pair = new String(Base64.getDecoder().decode(words[1].strip()), UTF_8);
                int colon = pair.indexOf(':');
                if (colon >= 0) {
                    return new Login(pair.substring(0, colon), pair.substring(colon + 1));
                }
            } catch (IllegalArgumentException notBase64) {
                return refuse(407, "the proxy's credentials are not Base64");
            }
        }
        return refuse(407, "this proxy knows Basic authentication only");
    }

    @Override
    public Step loggedIn(boolean known) {
        HttpRequest read = request;
        if (read == null) {
            throw new IllegalStateException("nothing was asked yet");
        }
        return known ? ask(read) : refuse(407, "the user or the password is wrong");
    }

    private static Step ask(HttpRequest request) {
        return request.isConnect()
                ? new Ask(false, request.host(), request.port())
                : new Ask(
                        false,
                        request.host(),
                        request.port(),
                        text(request.head()),
                        new OneRequestBody(request.framing(), request.contentLength()));
    }

    @Override
    public ByteBuf accepted(Endpoint address) {
        return request != null && request.isConnect()
                ? text("HTTP/1.1 200 Connection established\r\n\r\n")
                : Unpooled.EMPTY_BUFFER;
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        int status =
                switch (kind) {
                    case NOT_ALLOWED -> 403;
                    case TIMED_OUT -> 504;
                    case LIMIT_REACHED -> 503;
                    case NAME_UNKNOWN, UNREACHABLE, CONNECTION_REFUSED, NO_PORT, FAILED -> 502;
                };
        return response(status, why);
    }

    private static Refuse refuse(int status, String why) {
        return new Refuse(response(status, why), why);
    }

    private static ByteBuf response(int status, String why) {
        byte[] body = (why + "\n").getBytes(UTF_8);
        List<String> lines = new ArrayList<>();
        lines.add("HTTP/1.1 " + status + " " + phrase(status));
        if (status == 407) {
            lines.add("Proxy-Authenticate: Basic realm=\"sallyport\"");
        }
        lines.add("Content-Type: text/plain; charset=utf-8");
        lines.add("Content-Length: " + body.length);
        lines.add("Connection: close");
        String head = String.join("\r\n", lines) + "\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(ISO_8859_1), body);
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    }

    private static String phrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 407 -> "Proxy Authentication Required";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Bad Gateway";
        };
    }
}
