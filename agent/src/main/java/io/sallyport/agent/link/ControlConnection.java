package io.sallyport.agent.link;

import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.agent.dial.TlsDial;
import io.sallyport.agent.link.LinkEvent.Connected;
import io.sallyport.agent.link.LinkEvent.Lost;
import io.sallyport.agent.link.LinkEvent.NotReached;
import io.sallyport.agent.link.LinkEvent.Received;
import io.sallyport.process.Software;
import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.control.ControlChannel;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach a gateway, and the control channel that came of it. Used on the core loop,
 * where its events come too, until it is left.
 */
final class ControlConnection implements TcpDial.Outcome, ControlChannel.Listener<FromGateway> {
    private final LinkContext context;
    private final Consumer<LinkEvent> observer;
    private final Duration patience;
    private final Duration heartbeat;
    private final long beganNanos = System.nanoTime();
    private @Nullable Dialing dial;
    private @Nullable TcpChannel channel;
    private @Nullable ControlChannel<FromGateway> control;
    private boolean left;

    private ControlConnection(LinkContext context, Consumer<LinkEvent> observer) {
        this.context = context;
        this.observer = observer;
        patience = context.config().connectTimeout();
        heartbeat = context.config().heartbeat();
    }

    /** Begins to dial. The agent's hello is sent as soon as the gateway is reached. */
    static ControlConnection dial(
            LinkContext context, Target target, Consumer<LinkEvent> observer) {
        var connection = new ControlConnection(context, observer);
        connection.dial =
                TlsDial.start(
                        context.loops().core(),
                        context.names(),
                        target,
                        context.tls().control(),
                        connection.patience,
                        connection);
        return connection;
    }

    /** How long the gateway may still take to welcome the agent. */
    Duration patienceLeft() {
        return patience.minusNanos(System.nanoTime() - beganNanos);
    }

    /** The gateway's address: its name may stand for several. */
    InetAddress address() {
        var remote = channel == null ? null : channel.remoteAddress();
        return Objects.requireNonNull(remote, "not connected").getAddress();
    }

    void send(ControlMessage message) {
        if (control != null) {
            control.send(message);
        }
    }

    /** Gives up the attempt, or closes without a word. No event comes any more. */
    void leave() {
        left = true;
        if (dial != null) {
            dial.cancel();
        }
        if (channel != null) {
            channel.eventLoop().execute(channel::closeInOrder);
        }
    }

    /** Says goodbye and closes. No event comes any more. */
    void leave(CloseReason reason, String why) {
        left = true;
        if (control != null) {
            control.close(reason, why, Duration.ZERO);
        }
    }

    private void tell(LinkEvent event) {
        if (!left) {
            observer.accept(event);
        }
    }

    @Override
    public void connected(TcpChannel reached) {
        var installed =
                ControlChannel.install(
                        reached,
                        ControlCodec::decodeFromGateway,
                        heartbeat,
                        context.loops().core(),
                        this);
        installed.send(new Hello(Protocol.MINOR, Software.nameAndVersion(), context.instance()));
        context.loops().core().execute(() -> greet(reached, installed));
    }

    private void greet(TcpChannel reached, ControlChannel<FromGateway> installed) {
        channel = reached;
        control = installed;
        if (left) {
            leave();
        } else {
            tell(new Connected());
        }
    }

    @Override
    public void failed(DialFault fault) {
        context.loops().core().execute(() -> tell(new NotReached(fault.why())));
    }

    @Override
    public void onMessage(FromGateway message) {
        tell(new Received(message));
    }

    @Override
    public void onClosed(String why) {
        tell(new Lost(why));
    }
}
