package io.sallyport.gateway.forward;

import io.netty.util.concurrent.Future;
import io.sallyport.gateway.config.Policy;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.session.ForwardPartner;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.process.Seldom;
import io.sallyport.process.destination.Destination;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.dial.AddressRace;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What agents ask for on behalf of processes inside: a partner is reached, or awaited, and then is
 * a session like any other. Used on the core loop only.
 */
public final class ForwardSessions {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardSessions.class);

    private final Loops loops;
    private final Sessions sessions;
    private final Names names;
    private final Map<AgentLink, Map<Long, Request>> pending = new HashMap<>();
    private final OncePorts ports;
    private final Seldom refusals = new Seldom(Duration.ofSeconds(1));
    private Policy policy;

    public ForwardSessions(Loops loops, Sessions sessions, Names names, Policy policy) {
        this.loops = loops;
        this.sessions = sessions;
        this.names = names;
        this.policy = policy;
        ports = new OncePorts(loops.core());
    }

    public void reload(Policy policy) {
        this.policy = policy;
    }

    /** Ports that listen for one partner now. */
    public int listening() {
        return ports.listening();
    }

    /** Connects to a partner that the policy allows. */
    public void connect(AgentLink agent, Connect asked) {
        var request =
                new Request(
                        agent,
                        asked.request(),
                        entry(asked.entry(), asked.idleTimeout(), asked.halfCloseTimeout()));
        long began = System.nanoTime();
        request.reach(
                asked.host(),
                asked.port(),
                asked.patience(),
                (destination, allowed) -> {
                    Duration left = asked.patience().minusNanos(System.nanoTime() - began);
                    request.race(destination, allowed, left);
                });
    }

    /** Listens for a partner that the policy allows. */
    public void bind(AgentLink agent, Bind asked) {
        var request =
                new Request(
                        agent,
                        asked.request(),
                        entry(asked.entry(), asked.idleTimeout(), asked.halfCloseTimeout()));
        request.reach(
                asked.host(),
                0,
                asked.patience(),
                (destination, allowed) -> request.listen(destination, allowed, asked));
    }

    private static ServiceSpec entry(String name, Duration idle, Duration halfClose) {
        return new ServiceSpec(
                name,
                ChannelKind.ENCRYPTED,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Integer.MAX_VALUE,
                idle,
                halfClose,
                null);
    }

    /** The agent does not want it any more. */
    public void withdraw(AgentLink agent, RequestId withdrawn) {
        Map<Long, Request> requests = pending.get(agent);
        Request request = requests == null ? null : requests.get(withdrawn.number());
        if (withdrawn.beside() == null && request != null) {
            request.close();
        }
    }

    /** Its control channel is gone, and with it whoever waits for an answer. */
    public void agentLeft(AgentLink agent) {
        Map<Long, Request> requests = pending.get(agent);
        if (requests != null) {
            List.copyOf(requests.values()).forEach(Request::close);
        }
    }

    private interface Reached {
        void with(Destination destination, List<Resolved> allowed);
    }

    /** One request of an agent, from its message until its partner is there or will not be. */
    private final class Request {
        private final AgentLink agent;
        private final long number;
        private final ServiceSpec entry;
        private String destination = "";
        private Runnable giveUp = () -> {};
        private @Nullable Future<?> deadline;
        private boolean over;

        Request(AgentLink agent, long number, ServiceSpec entry) {
            this.agent = agent;
            this.number = number;
            this.entry = entry;
        }

        /** Has the policy judge the destination, as it is asked for and as it resolves. */
        void reach(String host, int port, Duration patience, Reached then) {
            Destination wanted;
            try {
                wanted = Destination.of(host, port);
            } catch (IllegalArgumentException malformed) {
                refuse(RefusalKind.NOT_ALLOWED, String.valueOf(malformed.getMessage()));
                return;
            }
            destination = wanted.toString();
            Map<Long, Request> requests = pending.computeIfAbsent(agent, _ -> new HashMap<>());
            if (requests.size() >= Protocol.FORWARD_REQUESTS_MAX
                    || requests.putIfAbsent(number, this) != null) {
                refuse(
                        RefusalKind.LIMIT_REACHED,
                        "the agent waits for %d forward sessions already"
                                .formatted(requests.size()));
            } else if (!policy.destinations().mayAllow(wanted)) {
                refuse(
                        RefusalKind.NOT_ALLOWED,
                        "the gateway's policy.destinations does not allow " + destination);
            } else {
                resolve(wanted, patience, then);
            }
        }

        private void resolve(Destination wanted, Duration patience, Reached then) {
            deadline =
                    loops.core()
                            .schedule(
                                    () ->
                                            refuse(
                                                    RefusalKind.TIMED_OUT,
                                                    "the gateway's name servers did not answer for "
                                                            + wanted.host()
                                                            + " in time"),
                                    patience.toMillis(),
                                    TimeUnit.MILLISECONDS);
            Resolved.of(wanted, names)
                    .whenComplete((found, unknown) ->
                            loops.core().execute(() -> resolved(wanted, found, then)));
        }

        private void resolved(Destination wanted, @Nullable List<Resolved> found, Reached then) {
            if (over) {
                return;
            }
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (found == null || found.isEmpty()) {
                refuse(
                        RefusalKind.NAME_UNKNOWN,
                        "the gateway finds no address for " + wanted.host());
                return;
            }
            List<Resolved> allowed = Resolved.allowed(found, wanted, policy.destinations());
            if (allowed.isEmpty()) {
                String address = found.getFirst().address().getHostAddress();
                refuse(
                        RefusalKind.NOT_ALLOWED,
                        "the gateway's policy.destinations does not allow "
                                + destination
                                + (wanted.literal() == null ? " at " + address : "")
                                + (found.getFirst().isPublic()
                                        ? ""
                                        : ": no rule names this inner address or its network"));
                return;
            }
            then.with(wanted, allowed);
        }

        void race(Destination wanted, List<Resolved> allowed, Duration patience) {
            var race =
                    AddressRace.start(
                            loops.core(),
                            Resolved.addresses(allowed),
                            wanted.port(),
                            patience,
                            new AddressRace.Outcome() {
                                @Override
                                public void connected(TcpChannel connection, Endpoint to) {
                                    var from = connection.localAddress();
                                    accept(
                                            connection,
                                            to,
                                            from == null ? to : Endpoint.of(from),
                                            Resolved.partner(wanted, to.address(), allowed));
                                }

                                @Override
                                public void failed(Throwable last) {
                                    var fault = Unreached.of(last, destination);
                                    refuse(fault.kind(), fault.why());
                                }
                            });
            giveUp = race::cancel;
        }

        void listen(Destination wanted, List<Resolved> allowed, Bind asked) {
            giveUp =
                    ports.open(
                            policy,
                            Resolved.addresses(allowed),
                            asked,
                            new OncePorts.Observer() {
                                @Override
                                public void onListening(Endpoint bound) {
                                    agent.send(new Listening(new RequestId(number), bound));
                                }

                                @Override
                                public void onCame(
                                        TcpChannel connection, Endpoint partner, Endpoint reached) {
                                    accept(
                                            connection,
                                            partner,
                                            reached,
                                            Resolved.partner(wanted, partner.address(), allowed));
                                }

                                @Override
                                public void onRefused(RefusalKind kind, String why) {
                                    refuse(kind, why);
                                }
                            });
        }

        private void accept(
                TcpChannel connection, Endpoint partner, Endpoint reached, ForwardPartner forward) {
            end();
            String refusal =
                    sessions.acceptedData(
                            connection,
                            agent,
                            entry,
                            partner,
                            reached,
                            new RequestId(number),
                            forward);
            if (refusal != null) {
                refuse(RefusalKind.LIMIT_REACHED, refusal);
            }
        }

        void close() {
            end();
            giveUp.run();
        }

        private void end() {
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            Map<Long, Request> requests = pending.get(agent);
            if (requests != null && requests.remove(number, this) && requests.isEmpty()) {
                pending.remove(agent);
            }
        }

        private void refuse(RefusalKind kind, String why) {
            end();
            agent.send(new Refused(new RequestId(number), kind, why));
            if (refusals.maySpeak()) {
                LOG.atWarn()
                        .addKeyValue("agent", agent.name())
                        .addKeyValue("service", entry.name())
                        .addKeyValue("destination", destination)
                        .addKeyValue("kind", kind)
                        .addKeyValue("why", why)
                        .addKeyValue("unsaid", refusals.unsaid())
                        .log("forward session refused");
            }
        }
    }
}
