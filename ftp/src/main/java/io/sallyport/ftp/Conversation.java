package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Expected.Kind;
import io.sallyport.ftp.Settings.ServerTls;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one control conversation between a client and a server, and rewrites what has to do with
 * data connections. Everything else goes through as it came. Not thread-safe, and never waits: what
 * takes time is an {@link Actions action} with an answer.
 *
 * <p>By RFC 959 a line ends with CR LF, and LF alone may be part of a name. Since some servers end
 * lines at LF, a name that would read as a command there is refused.
 */
public final class Conversation {
    /** Commands of a client that the server may owe an answer to. */
    private static final int PENDING_MAX = 64;

    private static final String NO_DATA_CONNECTION =
            "426 No data connection could be made to your port: open it, or use passive mode.";

    private final Settings settings;
    private final Actions actions;
    private final Lines fromClient = new Lines(false);
    private final Lines fromServer = new Lines(true);
    private final Turns turns;
    private final Security security;
    private final DataCommands dataCommands;
    private final Agreements agreements;
    private final Features features;
    private final Beginning beginning;
    private int insideMany;
    private boolean clientWaits;
    private boolean serverWaits;
    private boolean over;
    private boolean transferBegun;
    private String user = "";

    /** A word on the end of a transfer whose client still waits for the data connection. */
    private byte @Nullable [] early;

    public Conversation(Settings settings, Actions actions) {
        this.settings = settings;
        this.actions = actions;
        security = new Security(settings, actions);
        dataCommands = new DataCommands(settings);
        turns = new Turns(actions);
        agreements = new Agreements(settings, actions, turns);
        features = new Features(settings, actions, turns);
        beginning = new Beginning(settings, actions, turns);
        String arriving = settings.arrival().user();
        if (arriving != null) {
            user = arriving;
            security.loginBegins();
        }
    }

    /** Takes the buffer over. */
    public void fromClient(ByteBuf bytes) {
        take(fromClient, bytes);
    }

    /** Takes the buffer over. */
    public void fromServer(ByteBuf bytes) {
        take(fromServer, bytes);
    }

    private void take(Lines lines, ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        try {
            lines.add(bytes);
        } catch (ConversationException fault) {
            fail(fault.getMessage());
            return;
        }
        goOn();
    }

    /** Whether the client is to be read. */
    public boolean takesFromClient() {
        return fromClient.held() < Lines.HELD_BYTES_HIGH;
    }

    /** Whether the server is to be read. */
    public boolean takesFromServer() {
        return fromServer.held() < Lines.HELD_BYTES_HIGH;
    }

    /** Whether something of the client waits for an answer: its end has to wait, too. */
    public boolean holdsFromClient() {
        return fromClient.held() > 0 && !takesCommands();
    }

    public boolean holdsFromServer() {
        return serverWaits || agreements.holdReplies() || early != null;
    }

    /**
     * Tells a client that has heard nothing of its server yet why it never will.
     *
     * @return whether it was told so, and is to be let go in order
     */
    public boolean turnAway(String why) {
        if (beginning.isOver()) {
            return false;
        }
        turns.toClient("421 " + Turns.oneLine(why));
        return true;
    }

    /** TLS is up on the client's side. */
    public void clientSecured() {
        security.secured();
        clientWaits = false;
        goOn();
    }

    /** TLS is up on the server's side, as {@link Actions#startServerTls} wanted. */
    public void serverSecured() {
        serverWaits = false;
        beginning.secured();
        goOn();
    }

    /** What {@link Actions#openData} asked for is ready for whoever comes. */
    public void dataReady(Meeting meeting) {
        if (!over) {
            agreements.ready(meeting);
            goOn();
        }
    }

    /** Instead of {@link #dataReady}. */
    public void dataRefused(String why) {
        if (!over) {
            agreements.refused(why);
            goOn();
        }
    }

    /** Client and server are connected. */
    public void dataThere(long number) {
        tell(number, Agreement::there);
    }

    /** It will not come, or not any more. */
    public void dataLost(long number) {
        tell(number, Agreement::lost);
    }

    private void tell(long number, Consumer<Agreement> news) {
        agreements.tell(number, news);
        goOn();
    }

    private void goOn() {
        try {
            boolean moved = true;
            while (moved && !over) {
                boolean replied = nextReply();
                moved = nextCommand() || replied;
            }
        } catch (ConversationException fault) {
            fail(fault.getMessage());
        }
    }

    private void fail(String why) {
        if (!over) {
            over = true;
            actions.fail(why);
        }
    }

    private boolean nextCommand() throws ConversationException {
        if (!takesCommands()) {
            return false;
        }
        byte[] line = fromClient.next();
        if (line == null) {
            return false;
        }
        command(Command.of(line));
        return true;
    }

    private boolean takesCommands() {
        return beginning.isOver()
                && !clientWaits
                && !agreements.holdCommands()
                && early == null
                && turns.size() < PENDING_MAX;
    }

    private void command(Command command) {
        if (!command.isPlain()) {
            answer("500 This is no command.");
            return;
        }
        if (command.hidesAnother()) {
            answer("501 A name can't be told from a second command here.");
            return;
        }
        if (security.forbids(command.verb())) {
            answer("530 Begin with AUTH TLS.");
            return;
        }
        switch (command.verb()) {
            case "PASV" -> prepareData(dataCommands.passive());
            case "EPSV" -> prepareData(dataCommands.extendedPassive(command.argument().strip()));
            case "PORT" -> prepareData(dataCommands.active(Addresses.port(command.argument())));
            case "EPRT" ->
                    prepareData(dataCommands.active(Addresses.extendedPort(command.argument())));
            case "LPRT", "LPSV", "SPSV", "CPSV", "SSCN" ->
                    answer("502 " + command.verb() + " is not known here.");
            case "AUTH" -> {
                if (security.auth(command.argument()) instanceof Security.Begins(var answer)) {
                    begin(answer);
                } else {
                    answer(security.authRefusal(command.argument()));
                }
            }
            case "PBSZ", "PROT", "CCC", "ADAT", "MIC", "CONF", "ENC" ->
                    answer(security.answer(command.verb(), command.argument()));
            case "REIN" -> {
                // It would take TLS back (RFC 4217, section 11).
                if (settings.clientTls().isPossible() || settings.serverTls() != ServerTls.NONE) {
                    answer("502 REIN is not known here: connect again.");
                } else {
                    ask(Kind.OTHER, command);
                }
            }
            case "FEAT" -> ask(Kind.FEATURES, command);
            case "USER" -> {
                security.loginBegins();
                user = command.argument();
                ask(Kind.LOGIN, command);
            }
            case "PASS", "ACCT" -> ask(Kind.LOGIN, command);
            default ->
                    ask(
                            command.isTransfer()
                                    ? Expected.transfer(command.verb(), agreements.latest())
                                    : Expected.of(Kind.OTHER, command.verb()),
                            command);
        }
    }

    /**
     * TLS begins when our answer has had its turn; what comes in plain behind AUTH until then is no
     * command, also where the turn comes late.
     */
    private void begin(String answer) {
        clientWaits = true;
        turns.answer(
                answer,
                () -> {
                    if (fromClient.held() > 0) {
                        fail("the client sent commands in plain behind AUTH TLS");
                    } else {
                        actions.startClientTls();
                    }
                });
    }

    private void prepareData(DataCommands.Verdict verdict) {
        switch (verdict) {
            case DataCommands.Verdict.Answer(var line) -> answer(line);
            case DataCommands.Verdict.Prepare(var wish) -> agreements.asked(wish);
        }
    }

    private void ask(Kind kind, Command command) {
        ask(Expected.of(kind, command.verb()), command);
    }

    private void ask(Expected answer, Command command) {
        actions.toServer(Unpooled.wrappedBuffer(command.line()));
        turns.expect(answer);
    }

    private void answer(String line) {
        turns.answer(line, () -> {});
    }

    private boolean nextReply() throws ConversationException {
        if (serverWaits || agreements.holdReplies()) {
            return false;
        }
        byte[] line = early == null ? fromServer.next() : early;
        early = null;
        if (line == null) {
            return false;
        }
        Reply reply = Reply.of(line);
        if (insideMany == 0 && isEarly(reply)) {
            early = line;
            return false;
        }
        if (insideMany != 0) {
            inside(reply);
        } else if (reply.code() == 0) {
            actions.toClient(Unpooled.wrappedBuffer(line));
        } else {
            if (reply.isPassiveMode() && !turns.dropUntilPassive()) {
                // It would tell the client an address of the inside.
                throw new ConversationException(
                        "the server entered passive mode although nobody asked for it");
            }
            if (reply.opensMany()) {
                insideMany = reply.code();
                show(reply, true);
            } else {
                last(reply);
            }
        }
        return true;
    }

    private boolean isEarly(Reply reply) {
        Expected head = turns.head();
        return head != null && head.awaitsData() && reply.completesTransfer();
    }

    private void inside(Reply reply) throws ConversationException {
        if (reply.code() == insideMany && reply.isLast()) {
            insideMany = 0;
            last(reply);
        } else {
            show(reply, false);
        }
    }

    /** A line that does not end its reply. */
    private void show(Reply reply, boolean first) {
        Expected head = turns.head();
        if (head != null && isKeptFromClient(head)) {
            return;
        }
        if (head != null && head.kind() == Kind.FEATURES) {
            features.show(reply, first);
        } else {
            actions.toClient(Unpooled.wrappedBuffer(reply.line()));
        }
    }

    private boolean isKeptFromClient(Expected head) {
        return switch (head.kind()) {
            case SETUP, PASSIVE, ARRIVAL -> true;
            case ACTIVE -> !head.local().isEmpty();
            case GREETING -> !beginning.showsGreeting();
            case TRANSFER -> head.hasLostData() && Reply.completesTransfer(insideMany);
            case LOGIN, OTHER, FEATURES, LOCAL -> false;
        };
    }

    private void last(Reply reply) throws ConversationException {
        Expected head = turns.head();
        if (head == null || isAside(head, reply)) {
            actions.toClient(Unpooled.wrappedBuffer(reply.line()));
            return;
        }
        switch (head.kind()) {
            case GREETING -> beginning.greeting(reply);
            case SETUP -> {
                if (beginning.setup(head, reply)) {
                    startServerTls();
                }
            }
            case PASSIVE -> agreements.passiveReply(head, reply);
            case ACTIVE -> agreements.activeReply(head, reply);
            case ARRIVAL -> {
                if (beginning.arrived(reply)) {
                    loginReply(reply);
                }
            }
            case TRANSFER -> transferReply(head, reply);
            case FEATURES -> {
                features.showLast(reply);
                turns.answered();
            }
            case LOGIN -> loginReply(reply);
            case OTHER, LOCAL -> turns.pass(reply);
        }
    }

    private boolean isAside(Expected head, Reply reply) {
        return head.kind() == Kind.TRANSFER && turns.takeAside(reply.code(), transferBegun);
    }

    private void loginReply(Reply reply) {
        if (reply.isLoggedIn()) {
            actions.user(user);
        }
        turns.pass(reply);
    }

    private void transferReply(Expected head, Reply reply) {
        transferBegun = reply.isPreliminary();
        if (transferBegun) {
            actions.transferBegan(head.dataNumber(), head.verb());
        } else {
            actions.transferEnded(head.dataNumber(), head.verb(), reply.code());
        }
        if (head.hasLostData() && reply.completesTransfer()) {
            turns.toClient(NO_DATA_CONNECTION);
            turns.answered();
        } else {
            turns.pass(reply);
        }
    }

    private void startServerTls() throws ConversationException {
        if (fromServer.held() > 0) {
            throw new ConversationException("the server sent more in plain behind AUTH TLS");
        }
        serverWaits = true;
        actions.startServerTls();
    }
}
