package io.sallyport.ftp;

import io.sallyport.ftp.Settings.PartnerTls;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** TLS on the partner's side: AUTH, PBSZ, PROT and CCC (RFC 2228, RFC 4217). */
final class Security {
    /** What FEAT names. */
    static final List<String> FEATURES = List.of("AUTH TLS", "PBSZ", "PROT");

    private final PartnerTls mode;
    private final Actions actions;
    private boolean secured;
    private boolean bufferSizeSaid;

    /** TLS begins behind this answer. */
    record Begins(String answer) {}

    Security(Settings settings, Actions actions) {
        mode = settings.partnerTls();
        this.actions = actions;
        secured = mode == PartnerTls.IMPLICIT;
    }

    /** A line of the origin's FEAT that is not its to say. */
    static boolean isFeature(String line) {
        String feature = line.strip().toUpperCase(Locale.ROOT);
        return List.of("AUTH", "PBSZ", "PROT", "CCC", "SSCN", "CPSV").stream()
                .anyMatch(known -> feature.equals(known) || feature.startsWith(known + " "));
    }

    boolean forbids(String verb) {
        return mode == PartnerTls.REQUIRED
                && !secured
                && !Settings.ALLOWED_BEFORE_TLS.contains(verb);
    }

    @Nullable Begins auth(String mechanism) {
        return isPossible() && isTls(mechanism) ? new Begins("234 TLS begins now.") : null;
    }

    private boolean isPossible() {
        return mode.isPossible() && !secured;
    }

    private static boolean isTls(String mechanism) {
        return switch (mechanism.strip().toUpperCase(Locale.ROOT)) {
            case "TLS", "TLS-C", "SSL" -> true;
            default -> false;
        };
    }

    String authRefusal(String mechanism) {
        if (!mode.isPossible()) {
            return "534 This service carries no TLS.";
        }
        return isTls(mechanism) ? "503 TLS is on already." : "504 Only AUTH TLS is known here.";
    }

    void secured() {
        secured = true;
    }

    String answer(String verb, String argument) {
        if (!secured) {
            return mode.isPossible()
                    ? "503 " + verb + " comes after AUTH TLS."
                    : "502 This service carries no TLS.";
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
