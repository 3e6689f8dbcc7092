package io.sallyport.agent;

import io.sallyport.agent.forward.ForwardEntries;
import io.sallyport.agent.link.GatewayLink;
import io.sallyport.agent.link.LinkContext;
import io.sallyport.agent.session.Sessions;
import io.sallyport.process.Software;
import io.sallyport.process.StatusReport;
import io.sallyport.process.StatusReport.Table;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Failed;
import io.sallyport.protocol.ListenerResult.Opened;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.tls.TlsContexts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the agent shows of itself. Read on the core loop. */
record AgentStatus(
        LinkContext context, RelayEngine engine, ForwardEntries forward, Instant started) {

    StatusReport report(Collection<GatewayLink> links) {
        var views = links.stream().map(GatewayLink::view).toList();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("agent", context.config().name());
        facts.put("version", Software.nameAndVersion());
        facts.put("started", started.toString());
        facts.put("engine", engine.name());
        facts.put("tls", TlsContexts.library());
        facts.put("revision", context.services().revision());
        facts.put("sessions-running", context.sessions().count());
        facts.put("sessions-total", context.sessions().total());
        facts.put("dials", views.stream().mapToLong(GatewayLink.View::dialed).sum());
        facts.put("warm-channels", views.stream().mapToInt(GatewayLink.View::warm).sum());
        return new StatusReport(
                facts, List.of(gateways(views), listeners(views), entries(), sessions()));
    }

    private static Table gateways(List<GatewayLink.View> views) {
        return new Table(
                "gateways",
                List.of("gateway", "state", "since", "last-error"),
                views.stream()
                        .map(view ->
                                List.<Object>of(
                                        view.gateway().toString(),
                                        view.state(),
                                        view.since().toString(),
                                        view.lastError()))
                        .toList());
    }

    private Table listeners(List<GatewayLink.View> views) {
        List<List<Object>> rows = new ArrayList<>();
        for (var service : context.services().specs()) {
            for (Endpoint requested : service.listeners()) {
                for (var view : views) {
                    rows.add(row(service.name(), requested, view));
                }
            }
        }
        return new Table(
                "listeners",
                List.of("service", "gateway", "requested", "bound", "state", "error"),
                rows);
    }

    private static List<Object> row(String service, Endpoint requested, GatewayLink.View view) {
        String bound = "";
        String state = "unknown";
        String error = "";
        switch (result(service, requested, view)) {
            case Opened opened -> {
                bound = opened.bound().toString();
                state = "open";
            }
            case Failed failed -> {
                state = "failed";
                error = failed.why();
            }
            case null -> {}
        }
        return List.of(
                service, view.gateway().toString(), requested.toString(), bound, state, error);
    }

    private Table entries() {
        return new Table(
                "entries",
                List.of("entry", "listen", "bound", "state", "sessions", "error"),
                forward.view().stream()
                        .map(view ->
                                List.<Object>of(
                                        view.name(),
                                        view.listen().toString(),
                                        view.bound(),
                                        view.state(),
                                        view.clients(),
                                        view.error()))
                        .toList());
    }

    private static @Nullable ListenerResult result(
            String service, Endpoint requested, GatewayLink.View view) {
        for (ListenerResult result : view.listeners()) {
            if (result.service().equals(service) && result.requested().equals(requested)) {
                return result;
            }
        }
        return null;
    }

    private static String partner(Sessions.View view) {
        String address = view.opening().partner().toString();
        return view.destination() == null || view.destination().equals(address)
                ? address
                : view.destination() + " (" + address + ")";
    }

    private Table sessions() {
        return new Table(
                "sessions",
                List.of(
                        "session",
                        "service",
                        "gateway",
                        "partner",
                        "origin",
                        "state",
                        "from-partner",
                        "from-origin",
                        "seconds"),
                context.sessions().view().stream()
                        .map(view ->
                                List.<Object>of(
                                        view.opening().session().toString(),
                                        view.opening().service(),
                                        view.gateway(),
                                        partner(view),
                                        view.origin(),
                                        view.state(),
                                        view.fromPartner(),
                                        view.fromOrigin(),
                                        view.age().toMillis() / 1000.0))
                        .toList());
    }
}
