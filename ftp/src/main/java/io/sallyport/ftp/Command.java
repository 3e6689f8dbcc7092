package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Set;

/**
 * A line of the partner.
 *
 * @param verb in upper case: {@code RETR}
 * @param argument what follows the space, without the end of the line; byte by byte
 * @param line the whole line as it goes to the origin
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Command(String verb, String argument, byte[] line) {
    /** Those that use a data connection (RFC 959, section 4.1.3; RFC 3659, section 7). */
    private static final Set<String> TRANSFERS =
            Set.of("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD");

    /** Those that must never reach the origin unseen. */
    private static final Set<String> WATCHED =
            Set.of(
                    "PORT", "EPRT", "LPRT", "PASV", "EPSV", "LPSV", "SPSV", "CPSV", "AUTH", "ADAT",
                    "PBSZ", "PROT", "CCC", "MIC", "CONF", "ENC", "SSCN", "REIN");

    static Command of(byte[] received) {
        byte[] line = Telnet.strip(received);
        String text = new String(line, ISO_8859_1);
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        String command = text.substring(0, end);
        int space = command.indexOf(' ');
        String verb = space < 0 ? command : command.substring(0, space);
        return new Command(
                verb.toUpperCase(Locale.ROOT), space < 0 ? "" : command.substring(space + 1), line);
    }

    boolean isTransfer() {
        return TRANSFERS.contains(verb);
    }

    /**
     * Whether an origin that ends lines at LF alone, or at CR, would find another command in this
     * line. By RFC 959 both may be part of a name.
     */
    boolean hidesAnother() {
        for (String part : argument.split("[\r\n\0]", -1)) {
            String first = part.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT);
            if (!part.equals(argument) && (WATCHED.contains(first) || TRANSFERS.contains(first))) {
                return true;
            }
        }
        return verb.indexOf('\n') >= 0 || verb.indexOf('\r') >= 0 || verb.indexOf('\0') >= 0;
    }
}
