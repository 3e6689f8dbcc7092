package io.sallyport.agent.session;

import io.sallyport.agent.Dialer;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions of the agent: connects each opened data channel to its service's origin and has the
 * bytes carried. A session lives on the loop of its data channel; what is shared between loops is
 * concurrent.
 */
public final class OriginSessions {
    private static final Logger LOG = LoggerFactory.getLogger(OriginSessions.class);

    private final RelayEngine engine;
    private final Map<SessionId, OriginSession> all = new ConcurrentHashMap<>();
    private final AtomicLong total = new AtomicLong();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile Map<String, ServiceConfig> services = Map.of();
    private volatile boolean draining;

    public OriginSessions(RelayEngine engine) {
        this.engine = engine;
    }

    /** What sessions opened from now on may reach, by name. Running ones are not touched. */
    public void serve(Map<String, ServiceConfig> services) {
        this.services = Map.copyOf(services);
    }

    /** What is shown of a session. */
    public record View(
            SessionId session,
            String service,
            HostPort gateway,
            Endpoint partner,
            String origin,
            long fromPartner,
            long fromOrigin,
            Duration age) {}

    public List<View> view() {
        return all.values().stream().map(OriginSession::view).toList();
    }

    public int count() {
        return all.size();
    }

    /** Sessions since the start. */
    public long total() {
        return total.get();
    }

    public boolean isDraining() {
        return draining;
    }

    /**
     * The gateway opened a session on a data channel. Called on the channel's loop.
     *
     * @param onOpened runs when the origin is connected, before the first of its bytes is sent
     * @param onAborted hears of every end but the orderly one
     */
    public void open(
            SessionOpening opening,
            HostPort gateway,
            Leg dataChannel,
            Runnable onOpened,
            RelayObserver onAborted) {
        var session = new OriginSession(opening, gateway, dataChannel, onOpened, onAborted);
        ServiceConfig service = services.get(opening.service());
        if (draining) {
            session.end(EndReason.SHUTDOWN, "the agent is stopping");
        } else if (service == null) {
            session.end(EndReason.SERVICE_UNKNOWN, "the agent has no service " + opening.service());
        } else {
            total.incrementAndGet();
            all.put(opening.session(), session);
            session.connect(service);
        }
    }

    /** Opens no more; completes when the last session has ended. */
    public CompletableFuture<Void> drain() {
        draining = true;
        completeIfDrained();
        return drained;
    }

    /** Resets what is left. */
    public void abortAll() {
        all.values().forEach(session -> session.abort(EndReason.SHUTDOWN, "the agent was stopped"));
    }

    private void completeIfDrained() {
        if (draining && all.isEmpty()) {
            drained.complete(null);
        }
    }

    /** One session, from the opening of its data channel on. */
    private final class OriginSession {
        private final SessionOpening opening;
        private final HostPort gateway;
        private final Leg dataChannel;
        private final Runnable onOpened;
        private final RelayObserver onAborted;
        private final long beganNanos = System.nanoTime();
        private volatile String origin = "";
        private volatile @Nullable Relay relay;
        private boolean over;

        OriginSession(
                SessionOpening opening,
                HostPort gateway,
                Leg dataChannel,
                Runnable onOpened,
                RelayObserver onAborted) {
            this.opening = opening;
            this.gateway = gateway;
            this.dataChannel = dataChannel;
            this.onOpened = onOpened;
            this.onAborted = onAborted;
        }

        void connect(ServiceConfig service) {
            origin = service.origin().toString();
            dataChannel.watch(this::end);
            Dialer.connect(
                    service.origin(),
                    dataChannel.loop(),
                    service.connectTimeout(),
                    TcpChannel::allowHalfClose,
                    new Dialer.Outcome() {
                        @Override
                        public void connected(TcpChannel channel) {
                            join(service, channel);
                        }

                        @Override
                        public void failed(Dialer.Failure failure) {
                            end(
                                    failure.reason(),
                                    "service "
                                            + service.name()
                                            + ": origin "
                                            + service.origin()
                                            + " "
                                            + failure.what());
                        }
                    });
        }

        private void join(ServiceConfig service, TcpChannel channel) {
            if (over) {
                channel.close();
                return;
            }
            ProxyHeader.write(channel, service.proxyProtocol(), opening);
            var leg = new SocketLeg(channel, EndReason.ORIGIN_RESET, "origin " + service.origin());
            channel.pipeline().addLast(leg);
            onOpened.run();
            relay =
                    engine.join(
                            dataChannel,
                            leg,
                            new RelayTimeouts(service.idleTimeout(), service.halfCloseTimeout()),
                            this::ended);
        }

        /** Ends a session whose origin is not connected. */
        void end(EndReason reason, String why) {
            if (!over) {
                dataChannel.reset(reason, why);
                ended(reason, why);
            }
        }

        void abort(EndReason reason, String why) {
            Relay current = relay;
            if (current != null) {
                current.abort(reason, why);
            } else {
                dataChannel.loop().execute(() -> end(reason, why));
            }
        }

        private void ended(EndReason reason, String why) {
            over = true;
            all.remove(opening.session(), this);
            if (reason != EndReason.COMPLETED) {
                onAborted.onRelayEnded(reason, why);
            }
            tell(reason, why);
            completeIfDrained();
        }

        private void tell(EndReason reason, String why) {
            View view = view();
            var line =
                    (reason == EndReason.COMPLETED || reason == EndReason.PARTNER_RESET
                                    ? LOG.atInfo()
                                    : LOG.atWarn())
                            .addKeyValue("session", view.session())
                            .addKeyValue("service", view.service())
                            .addKeyValue("gateway", view.gateway())
                            .addKeyValue("partner", view.partner())
                            .addKeyValue("origin", view.origin())
                            .addKeyValue("from-partner", view.fromPartner())
                            .addKeyValue("from-origin", view.fromOrigin())
                            .addKeyValue("seconds", view.age().toMillis() / 1000.0)
                            .addKeyValue("reason", reason)
                            .addKeyValue("ended-by", reason.endedBy());
            if (!why.isEmpty()) {
                line = line.addKeyValue("why", why);
            }
            line.log("session ended");
        }

        View view() {
            Relay current = relay;
            return new View(
                    opening.session(),
                    opening.service(),
                    gateway,
                    opening.partner(),
                    origin,
                    current == null ? 0 : current.bytesFromPartner(),
                    current == null ? 0 : current.bytesFromOrigin(),
                    Duration.ofNanos(System.nanoTime() - beganNanos));
        }
    }
}
