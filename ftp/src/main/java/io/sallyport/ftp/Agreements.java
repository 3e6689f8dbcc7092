package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Agrees with client and server on data connections: asks the one, has the connection opened, and
 * answers the other.
 */
final class Agreements {
    private final Settings settings;
    private final Actions actions;
    private final Turns turns;
    private long opened;

    /** Whose answer is waited for. */
    private @Nullable Agreement opening;

    /** Whether it is the server that has answered, and waits. */
    private boolean byServer;

    /** What the next transfer is to use. */
    private @Nullable Agreement latest;

    Agreements(Settings settings, Actions actions, Turns turns) {
        this.settings = settings;
        this.actions = actions;
        this.turns = turns;
    }

    /** What the next transfer is to use; null if the client asked for none. */
    @Nullable Agreement latest() {
        return latest;
    }

    /** Whether the client's next command has to wait for an answer. */
    boolean holdCommands() {
        return opening != null && !byServer;
    }

    /** Whether the server's next reply has to. */
    boolean holdReplies() {
        return opening != null && byServer;
    }

    /** The client asks for one. */
    void asked(DataWish wish) {
        var data = new Agreement(wish);
        latest = data;
        if (settings.serverMode().isPassive(wish)) {
            turns.toServer(settings.serverOverIpv4() ? "PASV" : "EPSV");
            turns.expect(Expected.passive(data));
        } else {
            open(data, new DataEnd.Comes(), false);
        }
    }

    /** The server answers PASV or EPSV. */
    void passiveReply(Expected asked, Reply reply) {
        OptionalInt port = reply.dataPort();
        Agreement data = asked.data();
        if (port.isPresent() && data != null) {
            // Whatever address it tells, it is the control connection's (RFC 2577).
            var server = new Endpoint(settings.server(), port.getAsInt());
            open(data, new DataEnd.Waits(server), true);
        } else if (reply.isPassiveMode()) {
            turns.toClient("425 The server's passive mode can't be read.");
            turns.answered();
        } else {
            turns.pass(reply);
        }
    }

    /** The server answers PORT or EPRT. */
    void activeReply(Expected asked, Reply reply) {
        if (asked.local().isEmpty() || reply.isNegative()) {
            turns.pass(reply);
        } else if (!reply.isPreliminary()) {
            turns.toClient(asked.local());
            turns.answered();
        }
    }

    private void open(Agreement data, DataEnd server, boolean byServer) {
        opened++;
        data.open(opened);
        opening = data;
        this.byServer = byServer;
        actions.openData(opened, data.wish().end(), server);
    }

    /** It is ready for whoever comes. */
    void ready(Meeting meeting) {
        Agreement data = opening;
        if (data == null) {
            return;
        }
        opening = null;
        data.agreed();
        DataWish wish = data.wish();
        if (byServer) {
            turns.toClient(meeting.answerTo(wish));
            turns.answered();
        } else {
            Endpoint server = Objects.requireNonNull(meeting.server(), "the server comes");
            turns.toServer(Addresses.activeCommand(server));
            turns.expect(
                    Expected.active(wish instanceof DataWish.Active ? "" : meeting.answerTo(wish)));
        }
    }

    /** Instead of {@link #ready}. */
    void refused(String why) {
        if (opening == null) {
            return;
        }
        opening = null;
        String answer = "425 " + Turns.oneLine(why);
        if (byServer) {
            turns.toClient(answer);
            turns.answered();
        } else {
            turns.answer(answer, () -> {});
        }
    }

    /** Tells the one of this number, if a transfer uses it or is to use it. */
    void tell(long number, Consumer<Agreement> news) {
        if (latest != null && latest.number() == number) {
            news.accept(latest);
        } else {
            turns.tell(number, news);
        }
    }
}
