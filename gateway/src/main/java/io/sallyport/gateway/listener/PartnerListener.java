package io.sallyport.gateway.listener;

import io.sallyport.gateway.link.AgentLink;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.tcp.TcpServerChannel;
import org.jspecify.annotations.Nullable;

/** One listener that an agent asked for, open or not. Used on the core loop only. */
final class PartnerListener {
    final AgentLink agent;
    final Endpoint requested;
    private ServiceSpec service;
    private @Nullable TcpServerChannel channel;
    private @Nullable Endpoint bound;
    private String error = "";
    private boolean closed;

    PartnerListener(AgentLink agent, ServiceSpec service, Endpoint requested) {
        this.agent = agent;
        this.service = service;
        this.requested = requested;
    }

    /** What new sessions belong to. */
    ServiceSpec service() {
        return service;
    }

    void serve(ServiceSpec service) {
        this.service = service;
    }

    boolean isOpen() {
        return channel != null;
    }

    boolean isClosed() {
        return closed;
    }

    void opened(TcpServerChannel channel, Endpoint bound) {
        this.channel = channel;
        this.bound = bound;
        error = "";
    }

    void failed(String why) {
        error = why;
        bound = null;
    }

    ListenerResult result() {
        return bound == null
                ? new ListenerResult.Failed(service.name(), requested, error)
                : new ListenerResult.Opened(service.name(), requested, bound);
    }

    void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }
}
