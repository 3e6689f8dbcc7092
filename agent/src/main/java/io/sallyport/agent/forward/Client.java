package io.sallyport.agent.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.ForwardConfig.Entry;
import io.sallyport.agent.config.ForwardConfig.Kind;
import io.sallyport.agent.forward.Handshake.Ask;
import io.sallyport.agent.forward.Handshake.AskFtp;
import io.sallyport.agent.forward.Handshake.Login;
import io.sallyport.agent.forward.Handshake.More;
import io.sallyport.agent.forward.Handshake.Refuse;
import io.sallyport.agent.forward.Handshake.Say;
import io.sallyport.agent.ftp.ForwardFtp;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.Gateway;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.Arrival;
import io.sallyport.process.destination.Destination;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of an entry, from its first byte until its partner is there, or it was told that there
 * will be none. Lives on the core loop until then.
 *
 * <pre>
 * Shaking hands ─asks for a partner→ Waiting ─partner is there→ a session
 *       └── refused ──→ Leaving ←── refused ──┘
 * </pre>
 */
final class Client extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /** How long a client that was refused may take to read it and leave. */
    private static final Duration FAREWELL_DEADLINE = Duration.ofSeconds(2);

    /** What a client may send ahead while its partner is not there. */
    private static final int EARLY_BYTES_MAX = 64 * 1024;

    private final Forwarding forwarding;
    private final Entry entry;
    private final TcpChannel channel;
    private final Handshake handshake;
    private final String name;
    private final ByteBuf gathered = Unpooled.buffer();
    private State state = State.SHAKING_HANDS;
    private @Nullable Future<?> deadline;
    private @Nullable Ask ask;
    private @Nullable Arrival arrival;
    private @Nullable RequestId request;
    private String destination = "";
    private boolean inputEnded;
    private boolean loggingIn;

    private enum State {
        SHAKING_HANDS,
        WAITING,
        LEAVING,
        OVER
    }

    Client(Forwarding forwarding, Entry entry, TcpChannel channel, Handshake handshake) {
        this.forwarding = forwarding;
        this.entry = entry;
        this.channel = channel;
        this.handshake = handshake;
        var remote = channel.remoteAddress();
        name = remote == null ? "" : Endpoint.of(remote).toString();
    }

    /** Called once the channel is registered with the core loop. */
    void start() {
        channel.allowHalfClose();
        Duration patience = forwarding.config().handshakeTimeout();
        deadline =
                forwarding.core.schedule(
                        () ->
                                refuse(
                                        Unpooled.EMPTY_BUFFER,
                                        RefusalKind.TIMED_OUT,
                                        "the client did not finish its handshake within "
                                                + patience.toMillis() / 1000.0
                                                + " s (see forward.handshake-timeout)"),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        channel.pipeline().addLast(this);
        channel.config().setAutoRead(true);
        proceed();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        if (state == State.SHAKING_HANDS || state == State.WAITING) {
            gathered.writeBytes(bytes);
        }
        bytes.release();
        if (state == State.SHAKING_HANDS) {
            proceed();
        } else if (gathered.readableBytes() >= EARLY_BYTES_MAX) {
            channel.config().setAutoRead(false);
        }
    }

    private void proceed() {
        while (state == State.SHAKING_HANDS && !loggingIn) {
            switch (handshake.read(gathered)) {
                case More _ -> {
                    if (gathered.readableBytes() >= handshake.bytesMax()) {
                        refuse(
                                Unpooled.EMPTY_BUFFER,
                                RefusalKind.FAILED,
                                "the handshake is longer than " + handshake.bytesMax() + " bytes");
                    }
                    return;
                }
                case Say(var bytes) -> channel.writeAndFlush(bytes);
                case Login login -> check(login);
                case Ask asked -> ask(asked);
                case AskFtp asked -> ask(asked);
                case Refuse(var reply, var why) -> refuse(reply, RefusalKind.FAILED, why);
            }
        }
    }

    private void check(Login login) {
        loggingIn = true;
        channel.config().setAutoRead(false);
        forwarding
                .logins
                .check(entry.users(), login.user(), login.password())
                .thenAccept(known -> forwarding.core.execute(() -> loggedIn(login, known)));
    }

    private void loggedIn(Login login, boolean known) {
        loggingIn = false;
        if (state != State.SHAKING_HANDS) {
            return;
        }
        channel.config().setAutoRead(true);
        switch (handshake.loggedIn(known)) {
            case Say(var bytes) -> channel.writeAndFlush(bytes);
            case Ask asked -> ask(asked);
            case AskFtp asked -> ask(asked);
            case Refuse(var reply, var why) ->
                    refuse(reply, RefusalKind.NOT_ALLOWED, why + ": user " + login.user());
            case More _, Login _ -> throw new IllegalStateException("asked for twice");
        }
        proceed();
    }

    private void ask(AskFtp asked) {
        arrival = asked.arrival();
        ask(new Ask(false, asked.host(), asked.port()));
    }

    private void ask(Ask asked) {
        ask = asked;
        Destination wanted;
        try {
            wanted = Destination.of(asked.host(), asked.bind() ? 0 : asked.port());
        } catch (IllegalArgumentException malformed) {
            refuse(RefusalKind.NOT_ALLOWED, String.valueOf(malformed.getMessage()));
            return;
        }
        destination = wanted.toString();
        ForwardConfig config = forwarding.config();
        Gateway gateway = forwarding.gateway();
        if (!asked.bind() && asked.port() == 0) {
            refuse(RefusalKind.NOT_ALLOWED, "a partner has a port from 1 on");
        } else if (!(entry.kind() instanceof Kind.Tunnel) && !config.allow().allowAsAsked(wanted)) {
            refuse(
                    RefusalKind.NOT_ALLOWED,
                    "forward.allow of the agent does not allow "
                            + (asked.bind() ? "partner " + wanted.host() : destination));
        } else if (asked.bind() && config.bind() == null) {
            refuse(
                    RefusalKind.NOT_ALLOWED,
                    "partners can't connect back: forward.bind of the agent names no ports");
        } else if (gateway == null) {
            refuse(RefusalKind.FAILED, "no gateway is connected to the agent");
        } else {
            state = State.WAITING;
            cancelDeadline();
            request =
                    forwarding.requests.forward(
                            gateway,
                            number -> message(number, asked, wanted, config),
                            config.connectTimeout(),
                            new Answer());
        }
    }

    private ControlMessage message(
            long number, Ask asked, Destination wanted, ForwardConfig config) {
        var bind = config.bind();
        return asked.bind() && bind != null
                ? new Bind(
                        number,
                        entry.name(),
                        wanted.host(),
                        bind.ports().first(),
                        bind.ports().last(),
                        config.connectTimeout(),
                        config.idleTimeout(),
                        config.halfCloseTimeout())
                : new Connect(
                        number,
                        entry.name(),
                        wanted.host(),
                        wanted.port(),
                        config.connectTimeout(),
                        config.idleTimeout(),
                        config.halfCloseTimeout());
    }

    private final class Answer implements DataRequests.Answer {
        @Override
        public void listening(Endpoint bound) {
            var bind = forwarding.config().bind();
            var shown =
                    bind == null || bind.address() == null
                            ? bound
                            : new Endpoint(bind.address(), bound.port());
            channel.writeAndFlush(handshake.listening(shown));
        }

        @Override
        public void refused(RefusalKind kind, String why) {
            if (state == State.WAITING) {
                refuse(kind, why);
            }
        }

        @Override
        public void refused(String why) {
            refused(RefusalKind.FAILED, why);
        }

        @Override
        public @Nullable Course came(SessionOpening opening, SessionChannel gateway) {
            ForwardCourse.Carriage carriage = carriage(opening, gateway);
            if (carriage == null) {
                refuse(RefusalKind.FAILED, "the entry has changed meanwhile: connect again");
                return null;
            }
            return joined(carriage);
        }
    }

    private ForwardCourse.@Nullable Carriage carriage(
            SessionOpening opening, SessionChannel gateway) {
        Ask asked = Objects.requireNonNull(ask, "asked for");
        if (arrival != null && entry.kind() instanceof Kind.Ftp ftp) {
            var wanted =
                    new ForwardFtp.Asked(
                            ftp, forwarding.config(), destination, asked.host(), arrival);
            ForwardFtp followed = forwarding.ftp.forward(wanted, opening, gateway);
            return followed == null ? null : followed::carry;
        }
        Endpoint address = asked.bind() ? opening.partner() : opening.reached();
        return (partner, _, leg, timeouts, observer) -> {
            leg.write(handshake.accepted(address));
            leg.flush();
            return forwarding.engine.join(partner, leg, timeouts, observer);
        };
    }

    /** What the client has sent ahead goes to its leg, which takes this one's place. */
    private Course joined(ForwardCourse.Carriage carriage) {
        state = State.OVER;
        var leg = new SocketLeg(channel, EndReason.ORIGIN_RESET, () -> "client " + name);
        var pipeline = channel.pipeline();
        Ask asked = ask;
        if (asked != null && asked.filter() != null) {
            pipeline.addLast(asked.filter());
        }
        pipeline.addLast(leg);
        var context = pipeline.context(this);
        if (asked != null && asked.first().isReadable()) {
            // Past the filter, which is for what the client still sends.
            leg.channelRead(pipeline.context(leg), asked.first());
        }
        if (gathered.isReadable()) {
            context.fireChannelRead(gathered.retain());
        }
        if (inputEnded) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        gathered.release();
        pipeline.remove(this);
        return new ForwardCourse(channel, leg, name, destination, carriage, forwarding.core);
    }

    private void refuse(RefusalKind kind, String why) {
        refuse(handshake.refused(kind, why), kind, why);
    }

    private void refuse(ByteBuf reply, RefusalKind kind, String why) {
        if (state == State.LEAVING || state == State.OVER) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("service", entry.name())
                .addKeyValue("client", name)
                .addKeyValue("destination", destination)
                .addKeyValue("kind", kind)
                .addKeyValue("why", why)
                .log("forward session refused");
        state = State.LEAVING;
        cancelDeadline();
        if (!reply.isReadable()) {
            channel.close();
            return;
        }
        // Closed at once, what the client still sends would reset it before it has read the reply.
        channel.config().setAutoRead(true);
        deadline =
                forwarding.core.schedule(
                        channel::closeInOrder, FAREWELL_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        channel.writeAndFlush(reply)
                .addListener((ChannelFuture sent) -> {
                    if (sent.isSuccess() && !inputEnded) {
                        channel.shutdownOutput();
                    } else {
                        channel.closeInOrder();
                    }
                });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            return;
        }
        inputEnded = true;
        // A selector that watches an input after its end would spin.
        channel.config().setAutoRead(false);
        switch (state) {
            case SHAKING_HANDS -> {
                if (gathered.writerIndex() > 0 && !loggingIn) {
                    refuse(
                            Unpooled.EMPTY_BUFFER,
                            RefusalKind.FAILED,
                            "the client left in the middle of its handshake");
                } else {
                    channel.close();
                }
            }
            case LEAVING -> channel.closeInOrder();
            case WAITING, OVER -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelDeadline();
        if (request != null && state == State.WAITING) {
            forwarding.requests.withdraw(request);
        }
        if (state != State.OVER) {
            state = State.OVER;
            gathered.release();
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
