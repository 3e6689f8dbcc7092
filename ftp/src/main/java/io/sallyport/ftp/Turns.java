package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Expected.Kind;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers in the order of the commands (RFC 959, section 5.4): the server's, as they come,
 * and our own when their turn has come.
 */
final class Turns {
    private final Actions actions;
    private final ArrayDeque<Expected> expected = new ArrayDeque<>();

    Turns(Actions actions) {
        this.actions = actions;
    }

    int size() {
        return expected.size();
    }

    /** Whose turn it is; null if the server owes nothing. */
    @Nullable Expected head() {
        return expected.peek();
    }

    void expect(Kind kind, String verb) {
        expected.add(Expected.of(kind, verb));
    }

    void expect(Expected one) {
        expected.add(one);
    }

    /** Something of our own comes before all that the client asked for. */
    void expectFirst(Expected one) {
        expected.addFirst(one);
    }

    /** Tells the data connection of this number, if a transfer is to use it. */
    void tell(long number, Consumer<Agreement> news) {
        for (Expected one : expected) {
            Agreement data = one.data();
            if (data != null && data.number() == number) {
                news.accept(data);
                return;
            }
        }
    }

    void dropHead() {
        expected.poll();
    }

    /** The head has its answer. */
    void answered() {
        expected.poll();
        sayOwn();
    }

    /**
     * While a transfer goes on NOOP, STAT and QUIT may be answered before it ends. Their codes are
     * never those of its end, and what has begun doesn't end with a syntax error.
     *
     * @return whether the reply was such an answer, which is due no more
     */
    boolean takeAside(int code, boolean transferBegun) {
        var all = expected.iterator();
        all.next();
        while (all.hasNext()) {
            Expected later = all.next();
            if (later.kind() == Kind.OTHER && isAside(later.verb(), code, transferBegun)) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    private static boolean isAside(String verb, int code, boolean transferBegun) {
        return switch (verb) {
            case "NOOP" -> code == 200 || (transferBegun && isSyntaxError(code));
            case "STAT" -> (code > 210 && code < 216) || (transferBegun && isSyntaxError(code));
            case "QUIT" -> code == 221;
            case "ABOR" -> transferBegun && isSyntaxError(code);
            default -> false;
        };
    }

    private static boolean isSyntaxError(int code) {
        return code >= 500 && code <= 504;
    }

    /** Says something to the client, once the server has said all that it owes before. */
    void answer(String line, Runnable then) {
        expected.add(Expected.local(line, then));
        sayOwn();
    }

    void sayOwn() {
        for (Expected head = expected.peek();
                head != null && head.kind() == Kind.LOCAL;
                head = expected.peek()) {
            expected.poll();
            toClient(head.local());
            head.then().run();
        }
    }

    /**
     * Some servers answer a command less than they should (ABOR). A reply to PASV or EPSV shows it:
     * what was expected before will not come.
     *
     * @return whether such a reply is expected at all
     */
    boolean dropUntilPassive() {
        if (expected.stream().noneMatch(Expected::isPassive)) {
            return false;
        }
        while (!expected.element().isPassive()) {
            expected.remove();
        }
        return true;
    }

    /** Gives the client the last line of the head's answer, or a preliminary one. */
    void pass(Reply reply) {
        actions.toClient(Unpooled.wrappedBuffer(reply.line()));
        if (!reply.isPreliminary()) {
            answered();
        }
    }

    void toClient(String line) {
        actions.toClient(Unpooled.copiedBuffer(line + "\r\n", ISO_8859_1));
    }

    void toServer(String line) {
        actions.toServer(Unpooled.copiedBuffer(line + "\r\n", ISO_8859_1));
    }

    static String oneLine(String why) {
        return why.replaceAll("\\p{Cntrl}", " ");
    }
}
