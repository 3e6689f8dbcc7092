package io.sallyport.agent.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.Names;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One session: from the gateway's opening over the connection to the origin to the end of both
 * directions. Lives on its data channel's loop, where both its legs are.
 *
 * <pre>
 * Connecting ─origin connected→ Relaying ─relay ended→ over
 *     └── origin refused or too slow, data channel lost, aborted ──→ over
 * </pre>
 */
final class Session {
    /** Hears of the end, once, on the session's loop. */
    @FunctionalInterface
    interface Observer {
        void onEnded(Session session, EndReason reason, String why);
    }

    private final SessionOpening opening;
    private final ServiceConfig service;
    private final SessionChannel channel;
    private final RelayEngine engine;
    private final Observer observer;
    private final Target origin;
    private final long beganNanos = System.nanoTime();
    private @Nullable TcpDial dial;
    private volatile @Nullable Relay relay;
    private boolean over;

    Session(
            SessionOpening opening,
            ServiceConfig service,
            SessionChannel channel,
            RelayEngine engine,
            Observer observer) {
        this.opening = opening;
        this.service = service;
        this.channel = channel;
        this.engine = engine;
        this.observer = observer;
        origin = new Target("origin", service.origin());
    }

    SessionId id() {
        return opening.session();
    }

    SessionOpening opening() {
        return opening;
    }

    ServiceConfig service() {
        return service;
    }

    SessionChannel channel() {
        return channel;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    boolean isRelaying() {
        return relay != null;
    }

    long bytesFromPartner() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromPartner();
    }

    long bytesFromOrigin() {
        Relay current = relay;
        return current == null ? 0 : current.bytesFromOrigin();
    }

    private EventLoop loop() {
        return channel.leg().loop();
    }

    /** Begins to connect the origin; may be called on any thread. */
    void start(Names names) {
        loop().execute(() -> {
            channel.leg().watch(this::end);
            if (!over) {
                dial =
                        TcpDial.start(
                                loop(), names, origin, service.connectTimeout(), new OriginDial());
            }
        });
    }

    /** Aborts the session unless it has ended; may be called on any thread. */
    void abort(EndReason reason, String why) {
        loop().execute(() -> {
            Relay current = relay;
            if (current != null) {
                current.abort(reason, why);
            } else if (!over) {
                channel.leg().reset(reason, why);
                end(reason, why);
            }
        });
    }

    private final class OriginDial implements TcpDial.Outcome {
        @Override
        public void connected(TcpChannel connection) {
            join(connection);
        }

        @Override
        public void failed(DialFault fault) {
            var reason = fault.timedOut() ? EndReason.ORIGIN_TIMEOUT : EndReason.ORIGIN_REFUSED;
            String why = "service " + service.name() + ": " + fault.why();
            channel.leg().reset(reason, why);
            end(reason, why);
        }
    }

    private void join(TcpChannel connection) {
        connection.allowHalfClose();
        var originLeg = new SocketLeg(connection, EndReason.ORIGIN_RESET, origin.toString());
        connection.pipeline().addLast(originLeg);
        ByteBuf header = proxyHeader();
        if (header != null) {
            originLeg.write(header);
            originLeg.flush();
        }
        channel.confirmOpened();
        var timeouts = new RelayTimeouts(service.idleTimeout(), service.halfCloseTimeout());
        // The end is told a step later: the relay may end before join returns it.
        relay =
                engine.join(
                        channel.leg(),
                        originLeg,
                        timeouts,
                        (reason, why) -> loop().execute(() -> end(reason, why)));
    }

    private @Nullable ByteBuf proxyHeader() {
        return switch (service.proxyProtocol()) {
            case NONE -> null;
            case V1 -> ProxyHeader.version1(opening);
            case V2 -> ProxyHeader.version2(opening);
        };
    }

    private void end(EndReason reason, String why) {
        if (over) {
            return;
        }
        over = true;
        if (dial != null) {
            dial.cancel();
        }
        observer.onEnded(this, reason, why);
    }
}
