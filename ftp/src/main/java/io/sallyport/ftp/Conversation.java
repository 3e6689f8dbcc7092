package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Expected.Kind;
import io.sallyport.ftp.Settings.OriginTls;
import io.sallyport.protocol.Endpoint;
import java.net.Inet4Address;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Follows one control conversation between a partner and an origin, and rewrites what has to do
 * with data connections. Everything else goes through as it came. Not thread-safe, and never waits:
 * what takes time is an {@link Actions action} with an answer.
 *
 * <p>By RFC 959 a line ends with CR LF, and LF alone may be part of a name. Since some origins end
 * lines at LF, a name that would read as a command there is refused.
 */
public final class Conversation {
    /** Commands of a partner that the origin may owe an answer to. */
    private static final int PENDING_MAX = 64;

    private final Settings settings;
    private final Actions actions;
    private final Lines fromPartner = new Lines(false);
    private final Lines fromOrigin = new Lines(true);
    private final Turns turns;
    private final Security security;
    private final DataCommands dataCommands;
    private final Features features;
    private int insideMany;
    private boolean partnerWaits;
    private boolean originWaits;
    private boolean over;
    private boolean transferBegun;
    private String user = "";

    public Conversation(Settings settings, Actions actions) {
        this.settings = settings;
        this.actions = actions;
        security = new Security(settings, actions);
        dataCommands = new DataCommands(settings);
        turns = new Turns(actions);
        features = new Features(settings, actions, turns);
        turns.expect(Kind.GREETING, "");
        // Nothing of the partner goes on before the origin's side is as it has to be.
        partnerWaits = settings.originTls() != OriginTls.NONE;
    }

    /** Takes the buffer over. */
    public void fromPartner(ByteBuf bytes) {
        take(fromPartner, bytes);
    }

    /** Takes the buffer over. */
    public void fromOrigin(ByteBuf bytes) {
        take(fromOrigin, bytes);
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

    /** Whether the partner is to be read. */
    public boolean takesFromPartner() {
        return fromPartner.held() < Lines.HELD_BYTES_HIGH;
    }

    /** Whether the origin is to be read. */
    public boolean takesFromOrigin() {
        return fromOrigin.held() < Lines.HELD_BYTES_HIGH;
    }

    /** Whether something of the partner waits for an answer: its end has to wait, too. */
    public boolean holdsFromPartner() {
        return fromPartner.held() > 0 && (partnerWaits || turns.size() >= PENDING_MAX);
    }

    public boolean holdsFromOrigin() {
        return originWaits;
    }

    /** TLS is up on the partner's side. */
    public void partnerSecured() {
        security.secured();
        partnerWaits = false;
        goOn();
    }

    /** TLS is up on the origin's side, as {@link Actions#startOriginTls} wanted. */
    public void originSecured() {
        originWaits = false;
        askFirst("PBSZ 0");
        goOn();
    }

    /**
     * The gateway listens for the partner.
     *
     * @param announced what the partner is to be told; only the port matters to EPSV
     */
    public void passiveReady(Endpoint announced) {
        Expected asked = passiveAnswered();
        if (asked == null) {
            return;
        }
        if (asked.kind() == Kind.EXTENDED_PASSIVE) {
            turns.toPartner("229 Entering Extended Passive Mode (|||" + announced.port() + "|)");
        } else if (announced.address() instanceof Inet4Address) {
            turns.toPartner("227 Entering Passive Mode (" + Addresses.hostPort(announced) + ").");
        } else {
            turns.toPartner("425 There is no IPv4 address to announce: use EPSV.");
        }
        turns.answered();
        goOn();
    }

    /** Instead of {@link #passiveReady}. */
    public void passiveRefused(String why) {
        if (passiveAnswered() != null) {
            turns.toPartner("425 " + Turns.oneLine(why));
            turns.answered();
            goOn();
        }
    }

    private @Nullable Expected passiveAnswered() {
        if (over || !originWaits) {
            return null;
        }
        originWaits = false;
        return turns.head();
    }

    /** The agent listens for the origin there. */
    public void activeReady(Endpoint bound) {
        if (!over && partnerWaits) {
            partnerWaits = false;
            ask(Kind.OTHER, "PORT", Addresses.activeCommand(bound));
            goOn();
        }
    }

    /** Instead of {@link #activeReady}. */
    public void activeRefused(String why) {
        if (!over && partnerWaits) {
            partnerWaits = false;
            answer("425 " + Turns.oneLine(why));
            goOn();
        }
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
        if (partnerWaits || turns.size() >= PENDING_MAX) {
            return false;
        }
        byte[] line = fromPartner.next();
        if (line == null) {
            return false;
        }
        command(Command.of(line));
        return true;
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
                if (settings.partnerTls().isPossible() || settings.originTls() != OriginTls.NONE) {
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
            default -> ask(command.isTransfer() ? Kind.TRANSFER : Kind.OTHER, command);
        }
    }

    /**
     * TLS begins when our answer has had its turn; what comes in plain behind AUTH until then is no
     * command, also where the turn comes late.
     */
    private void begin(String answer) {
        partnerWaits = true;
        turns.answer(
                answer,
                () -> {
                    if (fromPartner.held() > 0) {
                        fail("the partner sent commands in plain behind AUTH TLS");
                    } else {
                        actions.startPartnerTls();
                    }
                });
    }

    private void prepareData(DataCommands.Verdict verdict) {
        switch (verdict) {
            case DataCommands.Verdict.Answer(var line) -> answer(line);
            case DataCommands.Verdict.Passive(var kind) ->
                    ask(kind, "PASV", settings.originOverIpv4() ? "PASV" : "EPSV");
            case DataCommands.Verdict.Active(var endpoint) -> {
                partnerWaits = true;
                actions.openActive(endpoint);
            }
        }
    }

    private void ask(Kind kind, Command command) {
        actions.toOrigin(Unpooled.wrappedBuffer(command.line()));
        turns.expect(kind, command.verb());
    }

    private void ask(Kind kind, String verb, String line) {
        turns.toOrigin(line);
        turns.expect(kind, verb);
    }

    private void answer(String line) {
        turns.answer(line, () -> {});
    }

    private boolean nextReply() throws ConversationException {
        if (originWaits) {
            return false;
        }
        byte[] line = fromOrigin.next();
        if (line == null) {
            return false;
        }
        Reply reply = Reply.of(line);
        if (insideMany != 0) {
            inside(reply);
        } else if (reply.code() == 0) {
            actions.toPartner(Unpooled.wrappedBuffer(line));
        } else {
            if (reply.isPassiveMode() && !turns.dropUntilPassive()) {
                // It would tell the partner an address of the inside.
                throw new ConversationException(
                        "the origin entered passive mode although nobody asked for it");
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
        if (head != null && isKeptFromPartner(head)) {
            return;
        }
        if (head != null && head.kind() == Kind.FEATURES) {
            features.show(reply, first);
        } else {
            actions.toPartner(Unpooled.wrappedBuffer(reply.line()));
        }
    }

    private boolean isKeptFromPartner(Expected head) {
        return switch (head.kind()) {
            case SETUP, PASSIVE, EXTENDED_PASSIVE -> true;
            case GREETING -> settings.originTls() != OriginTls.NONE;
            case LOGIN, OTHER, FEATURES, TRANSFER, LOCAL -> false;
        };
    }

    private void last(Reply reply) throws ConversationException {
        Expected head = turns.head();
        if (head == null || isAside(head, reply)) {
            actions.toPartner(Unpooled.wrappedBuffer(reply.line()));
            return;
        }
        switch (head.kind()) {
            case GREETING -> greeting(reply);
            case SETUP -> setup(head, reply);
            case PASSIVE, EXTENDED_PASSIVE -> passiveReply(reply);
            case TRANSFER -> transferReply(head, reply);
            case FEATURES -> {
                features.showLast(reply);
                turns.answered();
            }
            case LOGIN -> loginReply(reply);
            case OTHER, LOCAL -> pass(reply);
        }
    }

    private boolean isAside(Expected head, Reply reply) {
        return head.kind() == Kind.TRANSFER && turns.takeAside(reply.code(), transferBegun);
    }

    private void pass(Reply reply) {
        actions.toPartner(Unpooled.wrappedBuffer(reply.line()));
        if (!reply.isPreliminary()) {
            turns.answered();
        }
    }

    private void loginReply(Reply reply) {
        if (reply.isLoggedIn()) {
            actions.user(user);
        }
        pass(reply);
    }

    private void transferReply(Expected head, Reply reply) {
        transferBegun = reply.isPreliminary();
        if (transferBegun) {
            actions.transferBegan(head.verb());
        } else {
            actions.transferEnded(head.verb(), reply.code());
        }
        pass(reply);
    }

    private void passiveReply(Reply reply) {
        OptionalInt port = reply.dataPort();
        if (port.isPresent()) {
            originWaits = true;
            actions.openPassive(port.getAsInt());
        } else if (reply.isPassiveMode()) {
            turns.toPartner("425 The origin's passive mode can't be read.");
            turns.answered();
        } else {
            pass(reply);
        }
    }

    private void greeting(Reply reply) throws ConversationException {
        if (reply.isPreliminary()) {
            actions.toPartner(Unpooled.wrappedBuffer(reply.line()));
            return;
        }
        if (reply.isNegative() || settings.originTls() == OriginTls.NONE) {
            partnerWaits = partnerWaits && !reply.isNegative();
            pass(reply);
            return;
        }
        turns.dropHead();
        turns.expectFirst(Expected.local(reply.text(), () -> partnerWaits = false));
        askFirst(settings.originTls() == OriginTls.EXPLICIT ? "AUTH TLS" : "PBSZ 0");
    }

    /** A step of our own, before anything of the partner's. */
    private void askFirst(String line) {
        turns.toOrigin(line);
        turns.expectFirst(Expected.of(Kind.SETUP, line));
    }

    private void setup(Expected step, Reply reply) throws ConversationException {
        if (reply.isNegative()) {
            throw new ConversationException(
                    "the origin refuses TLS: it answered " + step.verb() + " with " + reply.text());
        }
        turns.dropHead();
        switch (step.verb()) {
            case "AUTH TLS" -> {
                if (fromOrigin.held() > 0) {
                    throw new ConversationException(
                            "the origin sent more in plain behind AUTH TLS");
                }
                originWaits = true;
                actions.startOriginTls();
            }
            case "PBSZ 0" -> askFirst("PROT P");
            default -> turns.sayOwn();
        }
    }
}
