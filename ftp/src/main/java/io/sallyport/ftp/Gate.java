package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an FTP client says before the server that it wants is known: {@code USER name@host}, or
 * {@code SITE host} or {@code OPEN host} and the login afterwards. Where the entry has users of its
 * own, it comes behind their {@code USER} and {@code PASS}, or joined with them: {@code USER
 * name@user@host}, {@code PASS password@password}. Pure, and not thread-safe.
 */
public final class Gate {
    /** The most bytes of all commands together. */
    public static final int BYTES_MAX = 16 * 1024;

    private static final int LOGINS_MAX = 3;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final String HOW = "USER name@host[:port], SITE host or OPEN host";

    private final int usualPort;
    private boolean greeted;
    private boolean loggedIn;
    private int logins;
    private int taken;
    private @Nullable String user;
    private @Nullable Connect joined;

    /** What comes next. */
    public sealed interface Step {}

    /** More has to arrive. */
    public record More() implements Step {}

    /** The client is told something; then there may be more to read. */
    public record Say(String line) implements Step {
        static Say of(String text) {
            return new Say(text + "\r\n");
        }
    }

    /** Whether the entry has such a user is to be found out; {@link #loggedIn} follows. */
    public record Login(String user, String password) implements Step {
        @Override
        public String toString() {
            return "Login " + user;
        }
    }

    /** The server is known; what is left of the client's bytes is for it. */
    public record Connect(String host, int port, Arrival arrival) implements Step {}

    /** It ends here. */
    public record Leave(String line, String why) implements Step {
        static Leave of(String text, String why) {
            return new Leave(text + "\r\n", why);
        }
    }

    /** The host and the port in a command. */
    private record Place(String host, int port) {}

    /**
     * @param hasUsers whether clients have to log in to the entry itself
     * @param usualPort of a server for which none is named
     */
    public Gate(boolean hasUsers, int usualPort) {
        loggedIn = !hasUsers;
        this.usualPort = usualPort;
    }

    /**
     * What a client is told whose server can't be had.
     *
     * @param code 421 if it may try again, 530 if not (RFC 959, section 4.2)
     */
    public static String refusal(int code, String why) {
        return code + " " + Turns.oneLine(why) + "\r\n";
    }

    /** Takes what it can, a line at most. */
    public Step read(ByteBuf in) {
        if (!greeted) {
            greeted = true;
            return Say.of(
                    loggedIn
                            ? "220 Sallyport: name the server with " + HOW + "."
                            : "220 Sallyport: log in, then name the server with " + HOW + ".");
        }
        byte[] line = line(in);
        if (line == null) {
            return new More();
        }
        taken += line.length;
        return taken > BYTES_MAX
                ? Leave.of("421 Too many commands.", "too many commands and no server")
                : command(Command.of(line));
    }

    /** Other bytes may be part of a name in UTF-8. */
    private static boolean isControl(int one) {
        return one < ' ' || one == 0x7f;
    }

    private static byte @Nullable [] line(ByteBuf in) {
        int from = in.readerIndex();
        for (int at = from; at < in.writerIndex(); at++) {
            if (in.getByte(at) == '\n' && at > from && in.getByte(at - 1) == '\r') {
                byte[] line = new byte[at + 1 - from];
                in.readBytes(line);
                return line;
            }
        }
        return null;
    }

    private Step command(Command command) {
        String argument = command.argument();
        if (!command.isPlain() || argument.chars().anyMatch(Gate::isControl)) {
            return Say.of("500 This is no command.");
        }
        return switch (command.verb()) {
            case "USER" -> user(argument);
            case "PASS" -> password(argument);
            case "SITE", "OPEN" -> loggedIn ? server(argument.strip(), Arrival.GREETED) : first();
            case "QUIT" -> Leave.of("221 Goodbye.", "the client said QUIT");
            case "NOOP" -> Say.of("200 Nothing was done.");
            case "SYST" -> Say.of("215 UNIX Type: L8");
            case "HELP" -> Say.of("214 Name the server with " + HOW + ".");
            case "AUTH" -> Say.of("534 TLS is a matter between this entry and the server.");
            // FEAT, too: who is told so asks again when the server can answer.
            default -> Say.of("530 Name the server first: " + HOW + ".");
        };
    }

    private static Say first() {
        return Say.of("530 Log in to this entry first: USER and PASS.");
    }

    private Step user(String argument) {
        int at = argument.lastIndexOf('@');
        if (loggedIn) {
            return at < 1
                    ? Say.of("530 Name the server, too: " + HOW + ".")
                    : server(argument.substring(at + 1), Arrival.as(argument.substring(0, at)));
        }
        joined = null;
        int before = argument.lastIndexOf('@', at - 1);
        if (at > 0 && before > 0) {
            Step server =
                    server(argument.substring(at + 1), Arrival.as(argument.substring(0, before)));
            if (!(server instanceof Connect connect)) {
                return server;
            }
            joined = connect;
            user = argument.substring(before + 1, at);
        } else {
            user = argument;
        }
        return Say.of("331 Password, please.");
    }

    private Step password(String argument) {
        String who = user;
        user = null;
        if (loggedIn || who == null) {
            return Say.of("503 PASS comes after USER.");
        }
        Connect connect = joined;
        if (connect == null) {
            return new Login(who, argument);
        }
        int at = argument.lastIndexOf('@');
        if (at < 0) {
            return Say.of("530 Both passwords are needed: PASS password@password.");
        }
        joined =
                new Connect(
                        connect.host(),
                        connect.port(),
                        connect.arrival().with(argument.substring(0, at)));
        return new Login(who, argument.substring(at + 1));
    }

    /** The outcome of {@link Login}. */
    public Step loggedIn(boolean known) {
        Connect connect = joined;
        joined = null;
        if (known) {
            loggedIn = true;
            return connect != null
                    ? connect
                    : Say.of("230 Logged in. Name the server with " + HOW + ".");
        }
        logins++;
        return logins < LOGINS_MAX
                ? Say.of("530 This entry knows no such user or password. Name the server later.")
                : Leave.of("421 Too many wrong passwords.", "too many wrong passwords");
    }

    private Step server(String text, Arrival arrival) {
        Place place = place(text);
        return place == null
                ? Say.of("501 This is no host[:port]; an IPv6 address goes in brackets.")
                : new Connect(place.host(), place.port(), arrival);
    }

    private @Nullable Place place(String text) {
        int bracket = text.indexOf(']');
        boolean literal = text.startsWith("[") && bracket > 0;
        int colon = text.indexOf(':', literal ? bracket : 0);
        String host = colon < 0 ? text : text.substring(0, colon);
        if (literal) {
            host = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        }
        int port = colon < 0 ? usualPort : port(text.substring(colon + 1));
        boolean sound = literal ? Addresses.isIpv6(host) : NAME.matcher(host).matches();
        return sound && port > 0 ? new Place(host, port) : null;
    }

    /** 0 if it is none. */
    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        return port <= 65_535 ? port : 0;
    }
}
