package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A line of the client.
 *
 * @param verb in upper case: {@code RETR}
 * @param argument what follows the space, without the end of the line; byte by byte
 * @param line the whole line as it goes to the server
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Command(String verb, String argument, byte[] line) {
    /** Those that use a data connection (RFC 959, section 4.1.3; RFC 3659, section 7). */
    private static final Set<String> TRANSFERS =
            Set.of("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD");

    /** Those that must never reach the server unseen. */
    private static final Set<String> WATCHED =
            Set.of(
                    "PORT", "EPRT", "LPRT", "PASV", "EPSV", "LPSV", "SPSV", "CPSV", "AUTH", "ADAT",
                    "PBSZ", "PROT", "CCC", "MIC", "CONF", "ENC", "SSCN", "REIN", "USER", "PASS",
                    "ACCT");

    private static final Pattern VERB = Pattern.compile("[A-Z0-9]+");

    /** What a server that ends lines at control characters would read behind one of them. */
    private static final Pattern BEHIND_CONTROL =
            Pattern.compile("\\p{Cntrl}[^A-Za-z0-9]*+([A-Za-z0-9]*+)");

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
     * Whether every server reads the same verb here. Some skip blanks before it and end it at a tab
     * (ProFTPD, Pure-FTPd), some say nothing to an empty line.
     */
    boolean isPlain() {
        return VERB.matcher(verb).matches();
    }

    /**
     * Whether a server that ends lines at LF alone, or at CR, would find another command in this
     * line. By RFC 959 both may be part of a name.
     */
    boolean hidesAnother() {
        return BEHIND_CONTROL
                .matcher(argument)
                .results()
                .map(behind -> behind.group(1).toUpperCase(Locale.ROOT))
                .anyMatch(word -> WATCHED.contains(word) || TRANSFERS.contains(word));
    }
}
