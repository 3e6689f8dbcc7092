package io.sallyport.agent.link;

import io.sallyport.process.HostPort;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ListenerResult.Failed;
import io.sallyport.protocol.ListenerResult.Opened;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gateway told of its listeners last. What is new is logged, what is repeated is not. */
final class ListenerReports {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerReports.class);

    private final HostPort gateway;
    private List<ListenerResult> results = List.of();

    ListenerReports(HostPort gateway) {
        this.gateway = gateway;
    }

    List<ListenerResult> results() {
        return results;
    }

    void update(List<ListenerResult> told) {
        told.stream().filter(result -> !results.contains(result)).forEach(this::log);
        results = told;
    }

    private void log(ListenerResult result) {
        switch (result) {
            case Opened(var service, var requested, var bound) ->
                    LOG.atInfo()
                            .addKeyValue("service", service)
                            .addKeyValue("gateway", gateway)
                            .addKeyValue("requested", requested)
                            .addKeyValue("bound", bound)
                            .log("listener opened");
            case Failed(var service, var requested, var why) ->
                    LOG.atWarn()
                            .addKeyValue("service", service)
                            .addKeyValue("gateway", gateway)
                            .addKeyValue("requested", requested)
                            .addKeyValue("error", why)
                            .log("listener failed");
        }
    }
}
