package io.sallyport.gateway.listener;

import io.sallyport.gateway.accept.Acceptor;
import io.sallyport.gateway.config.Policy;
import io.sallyport.gateway.data.DataDoor;
import io.sallyport.gateway.link.AgentLink;
import io.sallyport.gateway.session.Sessions;
import io.sallyport.protocol.DataPorts;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.Network;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of all agents. What an agent publishes is compared with what is open: an unchanged
 * listener and its sessions are not touched, and one that moves to another service stays open. Used
 * on the core loop only.
 */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Loops loops;
    private final Sessions sessions;
    private final Map<String, Map<Key, PartnerListener>> byAgent = new HashMap<>();
    private final DataDoor dataDoor;
    private Policy policy;

    /**
     * What makes a listener the same one: its endpoint, or, where any port will do, its service and
     * place too.
     */
    private record Key(Endpoint endpoint, String service, int place) {
        static Key of(ServiceSpec service, int place) {
            Endpoint endpoint = service.listeners().get(place);
            return endpoint.port() == 0
                    ? new Key(endpoint, service.name(), place)
                    : new Key(endpoint, "", 0);
        }
    }

    public Listeners(Loops loops, Sessions sessions, Policy policy) {
        this.loops = loops;
        this.sessions = sessions;
        this.policy = policy;
        dataDoor = new DataDoor(loops, sessions);
    }

    /** Data ports that listen all the time. */
    public int held() {
        return dataDoor.count();
    }

    public void reload(Policy policy) {
        this.policy = policy;
    }

    /** The state of every listener. */
    public List<ListenerResult> view() {
        return byAgent.values().stream()
                .flatMap(listeners -> listeners.values().stream())
                .map(PartnerListener::result)
                .toList();
    }

    /**
     * Opens and closes what differs, and tells the state of every listener of the agent once all
     * are settled.
     */
    public void publish(
            AgentLink agent, List<ServiceSpec> services, Consumer<List<ListenerResult>> outcome) {
        Map<Key, PartnerListener> before = byAgent.getOrDefault(agent.name(), Map.of());
        Map<Key, PartnerListener> after = new LinkedHashMap<>();
        for (ServiceSpec service : services) {
            for (int place = 0; place < service.listeners().size(); place++) {
                Key key = Key.of(service, place);
                PartnerListener kept = before.get(key);
                if (kept != null && !kept.isClosed() && allowed(kept)) {
                    kept.serve(service);
                    after.put(key, kept);
                } else {
                    after.put(key, new PartnerListener(agent, service, key.endpoint()));
                }
            }
        }
        byAgent.put(agent.name(), after);
        before.forEach((key, listener) -> {
            if (after.get(key) != listener) {
                close(listener);
            }
        });
        var unsettled = new Unsettled(after.values(), outcome);
        Map<String, String> dataFaults = new HashMap<>();
        for (ServiceSpec service : services) {
            if (!allowsDataPorts(service)) {
                dataFaults.put(
                        service.name(),
                        "the gateway's policy.listeners does not allow all of its data ports "
                                + service.dataPorts());
            }
        }
        dataDoor.publish(
                agent,
                services.stream()
                        .filter(service -> !dataFaults.containsKey(service.name()))
                        .toList(),
                faults -> {
                    dataFaults.putAll(faults);
                    after.values().forEach(listener -> open(listener, dataFaults, unsettled));
                    unsettled.settle();
                });
    }

    private void open(
            PartnerListener listener, Map<String, String> dataFaults, Unsettled unsettled) {
        if (listener.isClosed()) {
            return;
        }
        String fault = dataFaults.get(listener.service().name());
        if (fault != null) {
            close(listener);
            fail(listener, fault);
        } else if (!listener.isOpen()) {
            open(listener, unsettled);
        }
    }

    /** Sessions of the service may use them at the addresses of all its listeners. */
    private boolean allowsDataPorts(ServiceSpec service) {
        DataPorts ports = service.dataPorts();
        return ports == null
                || service.listeners().stream()
                        .allMatch(listener ->
                                policy.allowsListeners(
                                        listener.address(), ports.first(), ports.last()));
    }

    private boolean allowed(PartnerListener listener) {
        return !(listener.result() instanceof ListenerResult.Opened open)
                || policy.allowsListener(open.bound());
    }

    /** Counts down to the moment when every listener is open or refused. */
    private static final class Unsettled {
        private final Collection<PartnerListener> listeners;
        private final Consumer<List<ListenerResult>> outcome;
        private int left = 1;

        Unsettled(Collection<PartnerListener> listeners, Consumer<List<ListenerResult>> outcome) {
            this.listeners = listeners;
            this.outcome = outcome;
        }

        void settle() {
            left--;
            if (left == 0) {
                outcome.accept(listeners.stream().map(PartnerListener::result).toList());
            }
        }
    }

    private void open(PartnerListener listener, Unsettled unsettled) {
        unsettled.left++;
        String refusal = refusal(listener);
        if (refusal != null) {
            fail(listener, refusal);
            unsettled.settle();
            return;
        }
        Acceptor.listen(
                loops.core(),
                listener.requested,
                connection -> accept(listener, connection),
                new Acceptor.Outcome() {
                    @Override
                    public void opened(TcpServerChannel channel, Endpoint bound) {
                        bound(listener, channel, bound);
                        unsettled.settle();
                    }

                    @Override
                    public void failed(String why) {
                        fail(listener, why);
                        unsettled.settle();
                    }
                });
    }

    private void bound(PartnerListener listener, TcpServerChannel channel, Endpoint bound) {
        if (listener.isClosed()) {
            channel.close();
        } else if (!policy.allowsListener(bound)) {
            channel.close();
            fail(listener, notAllowed(bound));
        } else {
            listener.opened(channel, bound);
            LOG.atInfo()
                    .addKeyValue("agent", listener.agent.name())
                    .addKeyValue("service", listener.service().name())
                    .addKeyValue("requested", listener.requested)
                    .addKeyValue("bound", bound)
                    .log("listener opened");
        }
    }

    private @Nullable String refusal(PartnerListener listener) {
        if (listener.requested.port() != 0 && !policy.allowsListener(listener.requested)) {
            return notAllowed(listener.requested);
        }
        for (var listeners : byAgent.values()) {
            for (PartnerListener other : listeners.values()) {
                if (other != listener
                        && other.agent != listener.agent
                        && other.isOpen()
                        && other.requested.port() != 0
                        && other.requested.equals(listener.requested)) {
                    return "agent "
                            + other.agent.name()
                            + " publishes service "
                            + other.service().name()
                            + " there already";
                }
            }
        }
        return null;
    }

    private static String notAllowed(Endpoint endpoint) {
        return "the gateway's policy.listeners does not allow " + endpoint;
    }

    private static void fail(PartnerListener listener, String why) {
        listener.failed(why);
        LOG.atWarn()
                .addKeyValue("agent", listener.agent.name())
                .addKeyValue("service", listener.service().name())
                .addKeyValue("requested", listener.requested)
                .addKeyValue("why", why)
                .log("listener failed");
    }

    private static void close(PartnerListener listener) {
        boolean wasOpen = listener.isOpen();
        listener.close();
        if (wasOpen) {
            LOG.atInfo()
                    .addKeyValue("agent", listener.agent.name())
                    .addKeyValue("service", listener.service().name())
                    .addKeyValue("requested", listener.requested)
                    .log("listener closed");
        }
    }

    private void accept(PartnerListener listener, TcpChannel connection) {
        var remote = connection.remoteAddress();
        var local = connection.localAddress();
        if (remote == null || local == null || listener.isClosed()) {
            connection.reset();
            return;
        }
        ServiceSpec service = listener.service();
        Endpoint partner = Endpoint.of(remote);
        Endpoint reached = Endpoint.of(local);
        if (Network.anyContains(service.proxyProtocolFrom(), partner.address())) {
            ProxyHeader.read(
                    connection,
                    loops,
                    partner,
                    reached,
                    (from, to) -> {
                        sessions.accepted(connection, listener.agent, service, from, to);
                    });
        } else {
            sessions.accepted(connection, listener.agent, service, partner, reached);
        }
    }

    /** Closes the listeners of an agent that is not expected back. */
    public void forget(AgentLink agent) {
        Map<Key, PartnerListener> listeners = byAgent.remove(agent.name());
        if (listeners != null) {
            listeners.values().forEach(Listeners::close);
        }
        dataDoor.forget(agent);
    }

    /** Closes all listeners; sessions go on. */
    public void close() {
        new ArrayList<>(byAgent.values())
                .forEach(listeners -> listeners.values().forEach(Listeners::close));
        dataDoor.close();
    }
}
