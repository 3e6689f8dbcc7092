package io.sallyport.cli.pki;

import java.util.Base64;
import java.util.Optional;

/** The text form of keys and certificates (RFC 7468). */
final class Pem {
    private Pem() {}

    static String encode(String label, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return begin(label) + "\n" + lines + "\n" + end(label) + "\n";
    }

    /** The first block of that label; empty if there is none or if it is not Base64. */
    static Optional<byte[]> decode(String label, String text) {
        int begin = text.indexOf(begin(label));
        int end = text.indexOf(end(label));
        if (begin < 0 || end < begin) {
            return Optional.empty();
        }
        try {
            var lines = text.substring(begin + begin(label).length(), end);
            return Optional.of(Base64.getDecoder().decode(lines.replaceAll("\\s", "")));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----";
    }

    private static String end(String label) {
        return "-----END " + label + "-----";
    }
}
