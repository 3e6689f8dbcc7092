package io.sallyport.acceptance.ftp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control connection spoken by hand: for what no client says, or not at that moment. */
public final class FtpConversation implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern HOST_PORT =
            Pattern.compile("(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)");
    private static final Pattern LAST_LINE = Pattern.compile("\\d{3} .*");

    private final Socket socket;
    private final BufferedReader replies;

    private FtpConversation(Socket socket) throws IOException {
        this.socket = socket;
        this.replies =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Connects from an address of this host and hears the greeting. */
    public static FtpConversation begin(InetSocketAddress to, String from) {
        try {
            var socket = new Socket();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(to, PATIENCE_MILLIS);
            var conversation = new FtpConversation(socket);
            conversation.reply();
            return conversation;
        } catch (IOException cannotConnect) {
            throw new UncheckedIOException("cannot connect to " + to, cannotConnect);
        }
    }

    public FtpConversation login(FtpServer server) {
        say("USER " + server.user());
        String reply = say("PASS " + server.password());
        if (!reply.startsWith("230")) {
            throw new AssertionError("no login: " + reply);
        }
        return this;
    }

    /** Says a command and hears the last line of its reply. */
    public String say(String command) {
        try {
            socket.getOutputStream()
                    .write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException lost) {
            throw new UncheckedIOException("cannot say " + command, lost);
        }
        return reply();
    }

    /** Hears the last line of the next reply. */
    public String reply() {
        try {
            String line = replies.readLine();
            while (line != null && !LAST_LINE.matcher(line).matches()) {
                line = replies.readLine();
            }
            if (line == null) {
                throw new IOException("the control connection ended");
            }
            return line;
        } catch (IOException lost) {
            throw new UncheckedIOException("no reply", lost);
        }
    }

    /** Asks by PASV for a data connection; returns where it has to go. */
    public InetSocketAddress passive() {
        String reply = say("PASV");
        Matcher numbers = HOST_PORT.matcher(reply);
        if (!reply.startsWith("227") || !numbers.find()) {
            throw new AssertionError("no passive mode: " + reply);
        }
        String host =
                "%s.%s.%s.%s"
                        .formatted(
                                numbers.group(1),
                                numbers.group(2),
                                numbers.group(3),
                                numbers.group(4));
        int port = Integer.parseInt(numbers.group(5)) * 256 + Integer.parseInt(numbers.group(6));
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    /** Ends the connection in order, without a word. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException cannotClose) {
            throw new UncheckedIOException(cannotClose);
        }
    }
}
