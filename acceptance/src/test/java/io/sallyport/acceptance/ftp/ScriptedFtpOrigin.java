package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.TcpOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An origin that says what an FTP server says up to the start of a transfer, and never that one has
 * ended. What its data connections are for, and what they see, is up to the one who makes it.
 */
public final class ScriptedFtpOrigin implements AutoCloseable {
    private final TcpOrigin control;

    /** All data connections go to {@code data}. */
    public ScriptedFtpOrigin(TcpOrigin data) {
        control = TcpOrigin.that(session -> talk(session, data.port()));
    }

    public int port() {
        return control.port();
    }

    @Override
    public void close() {
        control.close();
    }

    private static void talk(OriginSession session, int dataPort) throws IOException {
        say(session, "220 ready");
        for (String line = line(session); !line.isEmpty(); line = line(session)) {
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            say(
                    session,
                    switch (verb) {
                        case "USER" -> "331 and the password";
                        case "PASS" -> "230 welcome";
                        case "PWD" -> "257 \"/\"";
                        case "PASV" ->
                                "227 (127,0,0,1,%d,%d)".formatted(dataPort / 256, dataPort % 256);
                        case "EPSV" -> "229 (|||%d|)".formatted(dataPort);
                        case "STOR", "RETR" -> "150 go on";
                        case "TYPE", "CWD", "PBSZ", "PROT" -> "200 as you like";
                        default -> "500 what is " + verb;
                    });
        }
    }

    private static void say(OriginSession session, String reply) throws IOException {
        session.send((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** A line without its end; empty at the end of the conversation. */
    private static String line(OriginSession session) throws IOException {
        var line = new StringBuilder();
        for (int next = session.readByte(); next >= 0 && next != '\n'; next = session.readByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
