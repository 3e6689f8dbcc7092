package io.sallyport.ftp;

import java.io.ByteArrayOutputStream;

/**
 * Takes Telnet's commands out of a line (RFC 854; RFC 959, section 3.1: some clients send them
 * before ABOR).
 */
final class Telnet {
    private static final int SE = 0xf0;
    private static final int SB = 0xfa;
    private static final int WILL = 0xfb;
    private static final int DONT = 0xfe;
    private static final int IAC = 0xff;

    private Telnet() {}

    /** The line without commands; 0xff that is meant as such stays doubled, as it was. */
    static byte[] strip(byte[] line) {
        if (!hasAny(line)) {
            return line;
        }
        var kept = new ByteArrayOutputStream(line.length);
        int at = 0;
        // The urgent byte of a Synch is lost on its way, so its data mark may stand alone.
        while (at < line.length && (line[at] & 0xff) >= SE && (line[at] & 0xff) < IAC) {
            at++;
        }
        while (at < line.length) {
            int next = line[at] & 0xff;
            int after = at + 1 < line.length ? line[at + 1] & 0xff : 0;
            if (next != IAC || after < SE) {
                kept.write(next);
                at++;
            } else if (after == IAC) {
                kept.write(IAC);
                kept.write(IAC);
                at += 2;
            } else if (after == SB) {
                at = afterSubnegotiation(line, at + 2);
            } else {
                at += after >= WILL && after <= DONT ? 3 : 2;
                while (kept.size() == 0 && at < line.length && isDataMark(line[at])) {
                    at++;
                }
            }
        }
        return kept.toByteArray();
    }

    private static boolean isDataMark(byte one) {
        int value = one & 0xff;
        return value >= SE && value < SB;
    }

    private static boolean hasAny(byte[] line) {
        for (byte one : line) {
            if ((one & 0xff) >= SE) {
                return true;
            }
        }
        return false;
    }

    private static int afterSubnegotiation(byte[] line, int from) {
        for (int at = from; at + 1 < line.length; at++) {
            if ((line[at] & 0xff) == IAC && (line[at + 1] & 0xff) == SE) {
                return at + 2;
            }
        }
        return line.length;
    }
}
