package io.sallyport.agent.ftp;

import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line in the log for each transfer of an FTP session: written when the origin has said its
 * last word and the data connection has ended, in whichever order. A data connection may end when
 * the next transfer has begun, so each is known by its number; 0 is none that was agreed on. Used
 * on the session's loop only.
 */
final class TransferLog {
    private static final Logger LOG = LoggerFactory.getLogger(TransferLog.class);
    private static final Set<String> UPLOADS = Set.of("STOR", "STOU", "APPE");
    private static final Set<String> DOWNLOADS = Set.of("RETR");

    /** Transfers whose second half is waited for; beyond that it will hardly come. */
    private static final int OPEN_MAX = 16;

    private final SessionOpening opening;
    private final boolean userShown;
    private final Map<Long, Transfer> open = new LinkedHashMap<>();
    private String user = "";
    private boolean sessionEnded;

    /** How a data connection ended. */
    private record DataEnd(EndReason reason, long fromPartner, long fromOrigin) {}

    private static final class Transfer {
        final long beganNanos = System.nanoTime();
        String verb = "";
        int reply;
        boolean connected;
        @Nullable DataEnd data;
    }

    TransferLog(SessionOpening opening, boolean userShown) {
        this.opening = opening;
        this.userShown = userShown;
    }

    void user(String name) {
        user = name;
    }

    /** The origin begins with a transfer over this data connection. */
    void began(long connection, String verb) {
        Transfer transfer = at(connection);
        if (!transfer.verb.isEmpty()) {
            finish(connection);
            transfer = at(connection);
        }
        transfer.verb = verb;
    }

    /** The origin's last word. */
    void ended(long connection, String verb, int reply) {
        Transfer transfer = at(connection);
        if (transfer.reply != 0) {
            finish(connection);
            transfer = at(connection);
        }
        transfer.verb = verb;
        transfer.reply = reply;
        // Refused before it began: there may never be a data connection.
        if (transfer.data != null || reply >= 400) {
            finish(connection);
        }
    }

    void dataBegan(long connection) {
        at(connection).connected = true;
    }

    void dataEnded(long connection, EndReason reason, long fromPartner, long fromOrigin) {
        Transfer transfer = at(connection);
        transfer.data = new DataEnd(reason, fromPartner, fromOrigin);
        if (transfer.reply != 0 || sessionEnded) {
            finish(connection);
        }
    }

    /** Writes what is known of transfers, but of those whose bytes are still under way. */
    void sessionEnded() {
        sessionEnded = true;
        for (long connection : List.copyOf(open.keySet())) {
            Transfer transfer = at(connection);
            if (!transfer.connected || transfer.data != null) {
                finish(connection);
            }
        }
    }

    private Transfer at(long connection) {
        Transfer known = open.get(connection);
        if (known != null) {
            return known;
        }
        if (open.size() >= OPEN_MAX) {
            finish(open.keySet().iterator().next());
        }
        var made = new Transfer();
        open.put(connection, made);
        return made;
    }

    private void finish(long connection) {
        Transfer transfer = open.remove(connection);
        if (transfer != null) {
            write(transfer);
        }
    }

    private void write(Transfer transfer) {
        DataEnd data = transfer.data;
        if (transfer.verb.isEmpty()) {
            return;
        }
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
