package io.sallyport.gateway.session;

import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionId;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Running sessions, found by their id and by where they come from. Used on the core loop only. */
final class SessionIndex {
    private final Map<SessionId, Session> byId = new HashMap<>();
    private final Map<Source, Set<Session>> bySource = new HashMap<>();

    /** Partners of one service at one address. */
    private record Source(String agent, String service, InetAddress address) {}

    void add(Session session) {
        byId.put(session.id, session);
        if (mayHaveData(session)) {
            sourcesOf(session)
                    .forEach(source ->
                            bySource.computeIfAbsent(source, _ -> new HashSet<>()).add(session));
        }
    }

    void remove(Session session) {
        byId.remove(session.id);
        if (mayHaveData(session)) {
            sourcesOf(session)
                    .forEach(source ->
                            bySource.computeIfPresent(
                                    source,
                                    (_, sessions) ->
                                            sessions.remove(session) && sessions.isEmpty()
                                                    ? null
                                                    : sessions));
        }
    }

    /** Whether data connections may come beside it, which look for it by its partner's address. */
    private static boolean mayHaveData(Session session) {
        return !session.isData() && session.service.dataPorts() != null;
    }

    private static Stream<Source> sourcesOf(Session session) {
        return session.partnerAddresses.stream()
                .map(address -> new Source(session.agent.name(), session.service.name(), address));
    }

    @Nullable Session get(SessionId id) {
        return byId.get(id);
    }

    Collection<Session> all() {
        return byId.values();
    }

    /** What may be ended while it is looped over. */
    List<Session> snapshot() {
        return List.copyOf(byId.values());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Sessions of the service, no data connections, that come from this address. */
    Set<Session> from(String agent, ServiceSpec service, InetAddress partner) {
        return bySource.getOrDefault(new Source(agent, service.name(), partner), Set.of());
    }

    /** The sessions beside which this one is a data connection. */
    Collection<Session> beside(Session session) {
        Session.Data data = session.data;
        if (data == null) {
            return List.of();
        }
        RequestId asked = data.asked();
        if (asked == null) {
            return from(session.agent.name(), session.service, session.partner.address());
        }
        if (asked.beside() == null) {
            return List.of();
        }
        Session one = byId.get(asked.beside());
        return one == null ? List.of() : List.of(one);
    }
}
