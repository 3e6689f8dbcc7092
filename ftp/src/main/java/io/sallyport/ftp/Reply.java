package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.OptionalInt;

/**
 * A line of the server (RFC 959, section 4.2).
 *
 * @param code 0 if the line does not begin with one
 * @param isLast whether the reply ends with this line, if it is not inside another one
 * @param text the whole line without its end
 * @param line the line as it came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Reply(int code, boolean isLast, String text, byte[] line) {
    static Reply of(byte[] line) {
        String text = new String(line, ISO_8859_1).stripTrailing();
        int code = 0;
        if (text.length() >= 3
                && text.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9')) {
            code = Integer.parseInt(text.substring(0, 3));
        }
        return new Reply(code, text.length() == 3 || text.startsWith(" ", 3), text, line);
    }

    /** Whether a reply of several lines begins here. */
    boolean opensMany() {
        return code != 0 && text.startsWith("-", 3);
    }

    boolean isPreliminary() {
        return code >= 100 && code < 200;
    }

    /** The server listens for a data connection. */
    boolean isPassiveMode() {
        return code == 227 || code == 229;
    }

    /** Where the server listens; empty also if that can't be read. */
    OptionalInt dataPort() {
        return switch (code) {
            case 227 -> Addresses.portOfPassiveReply(text.substring(3));
            case 229 -> Addresses.portOfExtendedReply(text);
            default -> OptionalInt.empty();
        };
    }

    /** RFC 959; 232 where the login needs no password (RFC 2228). */
    boolean isLoggedIn() {
        return code == 230 || code == 232;
    }

    boolean wantsPassword() {
        return code == 331;
    }

    /**
     * A transfer is complete (RFC 959, section 5.4); what is answered beside one has other codes.
     */
    boolean completesTransfer() {
        return completesTransfer(code);
    }

    static boolean completesTransfer(int code) {
        return code == 226 || code == 250;
    }

    boolean isNegative() {
        return code >= 400;
    }
}
