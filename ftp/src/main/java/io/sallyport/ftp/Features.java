package io.sallyport.ftp;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Locale;

/**
 * What FEAT shows (RFC 2389): the server's features, but TLS as it is on the client's side (RFC
 * 4217, section 6), where the server's own can't be had.
 */
final class Features {
    private static final List<String> OURS = List.of("AUTH TLS", "PBSZ", "PROT");
    private static final List<String> NOT_SHOWN =
            List.of("AUTH", "PBSZ", "PROT", "CCC", "SSCN", "CPSV", "LPRT", "LPSV", "SPSV");

    private final List<String> added;
    private final Actions actions;
    private final Turns turns;

    Features(Settings settings, Actions actions, Turns turns) {
        added = settings.clientTls().isPossible() ? OURS : List.of();
        this.actions = actions;
        this.turns = turns;
    }

    /** A line that is not the last one. */
    void show(Reply line, boolean first) {
        if (line.isNegative()) {
            pass(line);
        } else if (first) {
            pass(line);
            added.forEach(feature -> turns.toClient(" " + feature));
        } else if (!isNotShown(line.text())) {
            pass(line);
        }
    }

    /** The last line, which may be the only one: {@code 211 no features}. */
    void showLast(Reply line) {
        boolean none = line.text().toLowerCase(Locale.ROOT).startsWith("211 no");
        if (none && !added.isEmpty()) {
            turns.toClient("211-Features:");
            added.forEach(feature -> turns.toClient(" " + feature));
            turns.toClient("211 End");
        } else {
            pass(line);
        }
    }

    private void pass(Reply line) {
        actions.toClient(Unpooled.wrappedBuffer(line.line()));
    }

    private static boolean isNotShown(String line) {
        String feature = line.strip().toUpperCase(Locale.ROOT);
        return NOT_SHOWN.stream()
                .anyMatch(known -> feature.equals(known) || feature.startsWith(known + " "));
    }
}
