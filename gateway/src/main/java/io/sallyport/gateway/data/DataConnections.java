package io.sallyport.gateway.data;

import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.gateway.config.Policy;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.session.ForwardPartner;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.gateway.session.Sessions.Beside;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.DataPorts;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.OnceListener;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.BindException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data connections that agents ask for beside their sessions: each comes in at a port that
 * listens once, or is made to the partner, and then is a session of its own. Used on the core loop
 * only.
 */
public final class DataConnections {
    private static final Logger LOG = LoggerFactory.getLogger(DataConnections.class);

    /** Ports that are tried before it is said that none can be had: others use the host, too. */
    private static final int PORTS_TRIED_MAX = 8;

    /** Ranges that are remembered: beyond it those that nothing is lent of are forgotten. */
    private static final int RANGES_MAX = 256;

    /** Where active mode comes from (RFC 959, section 3.2), as partners' firewalls may expect. */
    private static final int FTP_DATA_PORT = 20;

    /** The first port that is not a service's own (RFC 2577, section 3). */
    private static final int UNPRIVILEGED_PORT = 1024;

    private final Loops loops;
    private final Sessions sessions;
    private final Map<SessionId, Map<Long, Request>> pending = new HashMap<>();
    private final Map<Place, PortRange> ranges = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Strangers strangers = new Strangers();
    private final Seldom low = new Seldom(Duration.ofMinutes(1));
    private Policy policy;
    private int listening;

    /** Ports are lent by address: the same one may be in use on another. */
    private record Place(InetAddress address, DataPorts ports) {}

    public DataConnections(Loops loops, Sessions sessions, Policy policy) {
        this.loops = loops;
        this.sessions = sessions;
        this.policy = policy;
        sessions.whenEnded(this::sessionEnded);
    }

    public void reload(Policy policy) {
        this.policy = policy;
    }

    /** Ports that listen for one data connection now. */
    public int listening() {
        return listening;
    }

    /** Opens a port for one connection of a session's partner. */
    public void listen(AgentLink agent, Listen asked) {
        var request = new Request(agent, asked.session(), asked.request());
        Beside beside = accepted(request);
        if (beside == null) {
            return;
        }
        if (beside.forward() != null
                && !mayListen(beside.local().address(), asked.firstPort(), asked.lastPort())) {
            request.refuse(
                    RefusalKind.NOT_ALLOWED,
                    "the gateway's policy.listeners does not allow %s ports %d-%d"
                            .formatted(
                                    beside.local().address().getHostAddress(),
                                    asked.firstPort(),
                                    asked.lastPort()));
            return;
        }
        DataPorts ports =
                beside.forward() == null
                        ? beside.service().dataPorts()
                        : new DataPorts(false, asked.firstPort(), asked.lastPort());
        if (ports == null || ports.held()) {
            request.refuse(
                    RefusalKind.NO_PORT,
                    "service " + beside.service().name() + " has no data ports to ask for");
            return;
        }
        listen(request, beside, ports, asked.patience(), 1);
    }

    private boolean mayListen(InetAddress address, int firstPort, int lastPort) {
        return firstPort >= 1
                && firstPort <= lastPort
                && policy.allowsListeners(address, firstPort, lastPort);
    }

    private void listen(
            Request request, Beside beside, DataPorts ports, Duration patience, int attempt) {
        InetAddress address = beside.local().address();
        PortRange range = range(new Place(address, ports));
        OptionalInt port = range.lend();
        if (port.isEmpty()) {
            request.refuse(
                    RefusalKind.NO_PORT,
                    "all passive ports "
                            + ports
                            + " of service "
                            + beside.service().name()
                            + " are in use: widen the range");
            return;
        }
        warnIfLow(range, beside, ports);
        listening++;
        var endpoint = new Endpoint(address, port.getAsInt());
        OnceListener listener =
                OnceListener.open(
                        loops.core(),
                        endpoint,
                        beside.partnerAddresses(),
                        patience,
                        new OnceListener.Observer() {
                            private boolean triesAgain;

                            @Override
                            public void onListening(Endpoint bound) {
                                request.agent.send(new Listening(request.id(), bound));
                            }

                            @Override
                            public void onFailed(Throwable cause) {
                                triesAgain =
                                        cause instanceof BindException && attempt < PORTS_TRIED_MAX;
                                if (!triesAgain) {
                                    request.refuse(
                                            RefusalKind.NO_PORT,
                                            "the gateway can't listen on passive port "
                                                    + endpoint
                                                    + ": "
                                                    + Acceptor.explain(cause, endpoint));
                                }
                            }

                            @Override
                            public void onConnected(
                                    TcpChannel connection, Endpoint partner, Endpoint reached) {
                                connected(request, beside, connection, partner, reached);
                            }

                            @Override
                            public void onStranger(Endpoint stranger, Endpoint reached) {
                                strangers.refused(beside.service(), stranger, reached);
                            }

                            @Override
                            public void onTooLate() {
                                request.refuse(
                                        RefusalKind.TIMED_OUT,
                                        "the partner opened no data connection in time");
                            }

                            @Override
                            public void onClosed() {
                                listening--;
                                range.giveBack(port.getAsInt());
                                if (triesAgain && !request.over) {
                                    listen(request, beside, ports, patience, attempt + 1);
                                }
                            }
                        });
        if (!listener.isClosed()) {
            // One that failed at once may have been followed by the next already.
            request.whenClosed = listener::close;
        }
    }

    private PortRange range(Place place) {
        PortRange known = ranges.get(place);
        if (known != null) {
            return known;
        }
        if (ranges.size() >= RANGES_MAX) {
            ranges.values().removeIf(range -> range.lent() == 0);
        }
        var made = new PortRange(place.ports(), random);
        ranges.put(place, made);
        return made;
    }

    private void warnIfLow(PortRange range, Beside beside, DataPorts ports) {
        if (range.isLow() && low.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("service", beside.service().name())
                    .addKeyValue("ports", ports)
                    .addKeyValue("in-use", range.lent())
                    .log("passive ports run low: widen the range");
        }
    }

    /** Connects to a session's partner, or where else the policy allows. */
    public void connect(AgentLink agent, ConnectPartner asked) {
        var request = new Request(agent, asked.session(), asked.request());
        Beside beside = accepted(request);
        if (beside == null) {
            return;
        }
        Endpoint destination = asked.destination();
        if (!mayConnect(beside, destination)) {
            request.refuse(
                    RefusalKind.NOT_ALLOWED,
                    "the gateway's policy.destinations does not allow data connections to "
                            + destination);
            return;
        }
        PartnerDial dial =
                PartnerDial.start(
                        loops.core(),
                        new Endpoint(
                                beside.local().address(),
                                beside.forward() == null ? FTP_DATA_PORT : 0),
                        destination,
                        asked.patience(),
                        new PartnerDial.Outcome() {
                            @Override
                            public void connected(TcpChannel connection, Endpoint from) {
                                DataConnections.this.connected(
                                        request, beside, connection, destination, from);
                            }

                            @Override
                            public void failed(String why) {
                                request.refuse(RefusalKind.FAILED, why);
                            }
                        });
        request.whenClosed = dial::close;
    }

    private boolean mayConnect(Beside beside, Endpoint destination) {
        boolean own = beside.partnerAddresses().contains(destination.address());
        ForwardPartner forward = beside.forward();
        return forward == null
                ? (own && destination.port() >= UNPRIVILEGED_PORT)
                        || policy.allowsDestination(destination)
                : own && forward.allows(policy.destinations(), destination);
    }

    /** The agent does not want it any more. */
    public void withdraw(AgentLink agent, RequestId withdrawn) {
        SessionId beside = withdrawn.beside();
        if (beside == null || sessions.beside(agent, beside) == null) {
            return;
        }
        Map<Long, Request> requests = pending.get(beside);
        Request request = requests == null ? null : requests.get(withdrawn.number());
        if (request != null) {
            request.close();
        }
    }

    private void sessionEnded(SessionId session) {
        Map<Long, Request> requests = pending.get(session);
        if (requests != null) {
            List.copyOf(requests.values()).forEach(Request::close);
        }
    }

    private @Nullable Beside accepted(Request request) {
        Beside beside = sessions.beside(request.agent, request.session);
        if (beside == null) {
            request.refuse(RefusalKind.FAILED, "the session has ended");
            return null;
        }
        Map<Long, Request> requests =
                pending.computeIfAbsent(request.session, _ -> new HashMap<>());
        if (requests.size() >= Protocol.DATA_REQUESTS_MAX
                || requests.putIfAbsent(request.number, request) != null) {
            request.refuse(
                    RefusalKind.LIMIT_REACHED,
                    "the session has asked for too many data connections at once");
            return null;
        }
        return beside;
    }

    private void connected(
            Request request,
            Beside beside,
            TcpChannel connection,
            Endpoint partner,
            Endpoint reached) {
        request.end();
        String refusal =
                sessions.acceptedData(
                        connection,
                        request.agent,
                        beside.service(),
                        partner,
                        reached,
                        request.id(),
                        null);
        if (refusal != null) {
            request.refuse(RefusalKind.LIMIT_REACHED, refusal);
        }
    }

    /** One request of an agent, from its message until the connection has come or will not. */
    private final class Request {
        private final AgentLink agent;
        private final SessionId session;
        private final long number;
        private Runnable whenClosed = () -> {};
        private boolean over;

        Request(AgentLink agent, SessionId session, long number) {
            this.agent = agent;
            this.session = session;
            this.number = number;
        }

        RequestId id() {
            return new RequestId(session, number);
        }

        void close() {
            end();
            whenClosed.run();
        }

        void end() {
            over = true;
            Map<Long, Request> requests = pending.get(session);
            if (requests != null && requests.remove(number, this) && requests.isEmpty()) {
                pending.remove(session);
            }
        }

        /** Ends it, and says why. */
        void refuse(RefusalKind kind, String why) {
            end();
            agent.send(new Refused(id(), kind, why));
        }
    }
}
