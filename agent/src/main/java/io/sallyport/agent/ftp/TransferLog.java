package io.sallyport.agent.ftp;

import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line in the log for each transfer of an FTP session: written when the origin has said its
 * last word and the data connection has ended, in whichever order. Used on the session's loop only.
 */
final class TransferLog {
    private static final Logger LOG = LoggerFactory.getLogger(TransferLog.class);
    private static final Set<String> UPLOADS = Set.of("STOR", "STOU", "APPE");
    private static final Set<String> DOWNLOADS = Set.of("RETR");

    private final SessionOpening opening;
    private final boolean userShown;
    private String user = "";
    private @Nullable Transfer current;

    /** How a data connection ended. */
    private record DataEnd(EndReason reason, long fromPartner, long fromOrigin) {}

    private static final class Transfer {
        final String verb;
        final long beganNanos = System.nanoTime();
        int reply;
        @Nullable DataEnd data;

        Transfer(String verb) {
            this.verb = verb;
        }
    }

    TransferLog(SessionOpening opening, boolean userShown) {
        this.opening = opening;
        this.userShown = userShown;
    }

    void user(String name) {
        user = name;
    }

    void began(String verb) {
        finish();
        current = new Transfer(verb);
    }

    void ended(String verb, int reply) {
        Transfer transfer = current;
        if (transfer == null || !transfer.verb.equals(verb) || transfer.reply != 0) {
            finish();
            transfer = new Transfer(verb);
            current = transfer;
        }
        transfer.reply = reply;
        // Refused before it began: there may never be a data connection.
        if (transfer.data != null || reply >= 400) {
            finish();
        }
    }

    void dataEnded(EndReason reason, long fromPartner, long fromOrigin) {
        Transfer transfer = current;
        if (transfer == null) {
            return;
        }
        transfer.data = new DataEnd(reason, fromPartner, fromOrigin);
        if (transfer.reply != 0) {
            finish();
        }
    }

    /** Writes what is known of the last transfer. */
    void finish() {
        Transfer transfer = current;
        current = null;
        if (transfer != null) {
            write(transfer);
        }
    }

    private void write(Transfer transfer) {
        DataEnd data = transfer.data;
        boolean positive = transfer.reply >= 200 && transfer.reply < 400;
        boolean whole = positive && data != null && data.reason() == EndReason.COMPLETED;
        String direction =
                UPLOADS.contains(transfer.verb)
                        ? "upload"
                        : DOWNLOADS.contains(transfer.verb) ? "download" : "listing";
        var line =
                (whole ? LOG.atInfo() : LOG.atWarn())
                        .addKeyValue("session", opening.session())
                        .addKeyValue("service", opening.service())
                        .addKeyValue("partner", opening.partner());
        if (userShown) {
            line = line.addKeyValue("user", user);
        }
        line.addKeyValue("command", transfer.verb)
                .addKeyValue("direction", direction)
                .addKeyValue(
                        "bytes", data == null ? 0 : Math.max(data.fromPartner(), data.fromOrigin()))
                .addKeyValue(
                        "seconds",
                        Duration.ofNanos(System.nanoTime() - transfer.beganNanos).toMillis()
                                / 1000.0)
                .addKeyValue("reply", transfer.reply)
                .addKeyValue("data", data == null ? "none" : data.reason().toString())
                .addKeyValue("outcome", whole ? "completed" : "failed")
                .log("transfer ended");
    }
}
