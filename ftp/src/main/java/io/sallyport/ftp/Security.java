package io.sallyport.ftp;

import io.sallyport.ftp.Settings.ClientTls;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** TLS on the client's side: AUTH, PBSZ, PROT and CCC (RFC 2228, RFC 4217). */
final class Security {
    private final ClientTls mode;
    private final Actions actions;
    private boolean secured;
    private boolean bufferSizeSaid;
    private boolean loginBegan;

    /** TLS begins behind this answer. */
    record Begins(String answer) {}

    Security(Settings settings, Actions actions) {
        mode = settings.clientTls();
        this.actions = actions;
        secured = mode == ClientTls.IMPLICIT;
    }

    boolean forbids(String verb) {
        return mode == ClientTls.REQUIRED
                && !secured
                && !Settings.ALLOWED_BEFORE_TLS.contains(verb);
    }

    /** TLS must not inherit a login that was made in plain (RFC 2228, section 3). */
    void loginBegins() {
        loginBegan = true;
    }

    @Nullable Begins auth(String mechanism) {
        boolean possible = mode.isPossible() && !secured && !loginBegan;
        return possible && isTls(mechanism) ? new Begins("234 TLS begins now.") : null;
    }

    private static boolean isTls(String mechanism) {
        return switch (mechanism.strip().toUpperCase(Locale.ROOT)) {
            case "TLS", "TLS-C", "SSL" -> true;
            default -> false;
        };
    }

    String authRefusal(String mechanism) {
        if (!mode.isPossible()) {
            return "534 There is no TLS here.";
        }
        if (!isTls(mechanism)) {
            return "504 Only AUTH TLS is known here.";
        }
        return secured ? "503 TLS is on already." : "503 AUTH comes before USER: connect again.";
    }

    void secured() {
        secured = true;
    }

    String answer(String verb, String argument) {
        if (!secured) {
            return mode.isPossible()
                    ? "503 " + verb + " comes after AUTH TLS."
                    : "502 There is no TLS here.";
        }
        return switch (verb) {
            case "PBSZ" -> {
                bufferSizeSaid = true;
                yield "200 PBSZ=0";
            }
            case "PROT" -> prot(argument.strip().toUpperCase(Locale.ROOT));
            case "CCC" -> "534 The control connection stays protected.";
            default -> "502 " + verb + " is not known here.";
        };
    }

    private String prot(String level) {
        if (!bufferSizeSaid) {
            return "503 PBSZ comes before PROT.";
        }
        return switch (level) {
            case "P" -> {
                actions.protectData(true);
                yield "200 Data connections carry TLS.";
            }
            case "C" -> {
                actions.protectData(false);
                yield "200 Data connections are in plain.";
            }
            case "S", "E" -> "536 This level of protection does not exist with TLS.";
            default -> "504 PROT takes P or C.";
        };
    }
}
