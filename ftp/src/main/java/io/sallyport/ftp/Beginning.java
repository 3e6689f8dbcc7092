package io.sallyport.ftp;

import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Expected.Kind;
import io.sallyport.ftp.Settings.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * What comes before the client's commands: the server's greeting, TLS on its side if it is to be,
 * and the login that the client began before its server was known.
 */
final class Beginning {
    private final ServerTls tls;
    private final Arrival arrival;
    private final Actions actions;
    private final Turns turns;
    private String greeting = "";
    private boolean over;

    Beginning(Settings settings, Actions actions, Turns turns) {
        tls = settings.serverTls();
        arrival = settings.arrival();
        this.actions = actions;
        this.turns = turns;
        over = showsGreeting();
        turns.expect(Kind.GREETING, "");
    }

    /** Whether commands of the client may go on. */
    boolean isOver() {
        return over;
    }

    /** Whether the client gets the server's greeting line by line. */
    boolean showsGreeting() {
        return tls == ServerTls.NONE && arrival.user() == null;
    }

    void greeting(Reply reply) {
        if (reply.isPreliminary()) {
            if (arrival.user() == null) {
                show(reply);
            }
        } else if (reply.isNegative() || showsGreeting()) {
            over = true;
            show(reply);
            turns.answered();
        } else {
            turns.dropHead();
            greeting = reply.text();
            switch (tls) {
                case NONE -> welcome();
                case EXPLICIT -> askFirst("AUTH TLS");
                case IMPLICIT -> askFirst("PBSZ 0");
            }
        }
    }

    private void show(Reply reply) {
        actions.toClient(Unpooled.wrappedBuffer(reply.line()));
    }

    private void askFirst(String line) {
        turns.toServer(line);
        turns.expectFirst(Expected.of(Kind.SETUP, line));
    }

    /**
     * The server's answer to a step of ours.
     *
     * @return whether TLS begins now
     */
    boolean setup(Expected step, Reply reply) throws ConversationException {
        if (reply.isNegative()) {
            throw new ConversationException(
                    "the server refuses TLS: it answered " + step.verb() + " with " + reply.text());
        }
        turns.dropHead();
        switch (step.verb()) {
            case "AUTH TLS" -> {
                return true;
            }
            case "PBSZ 0" -> askFirst("PROT P");
            default -> welcome();
        }
        return false;
    }

    /** TLS is up behind AUTH. */
    void secured() {
        askFirst("PBSZ 0");
    }

    private void welcome() {
        String user = arrival.user();
        if (user == null) {
            over = true;
            turns.toClient(greeting);
        } else {
            turns.toServer("USER " + user);
            turns.expectFirst(Expected.of(Kind.ARRIVAL, "USER"));
        }
    }

    /**
     * The server's answer to the user who had come.
     *
     * @return whether it is for the client; if not, it was answered with the password
     */
    boolean arrived(Reply reply) {
        over = true;
        @Nullable String password = arrival.password();
        if (!reply.wantsPassword() || password == null) {
            return true;
        }
        turns.dropHead();
        turns.toServer("PASS " + password);
        turns.expectFirst(Expected.of(Kind.LOGIN, "PASS"));
        return false;
    }
}
