package io.sallyport.gateway.link;

import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.ServiceSpec;
import java.util.List;
import java.util.function.Consumer;

/** What an agent asks of the rest of the gateway. All on the core loop. */
public interface AgentEvents {
    /**
     * The agent published all its services; the outcome is to be told once every listener is open
     * or refused.
     */
    void onPublished(
            AgentLink agent, List<ServiceSpec> services, Consumer<List<ListenerResult>> outcome);

    /** Another process of the agent took its place: what the old one had is lost. */
    void onRestarted(AgentLink agent);

    /** The agent asks for a data connection beside one of its sessions. */
    void onListen(AgentLink agent, Listen asked);

    /** As {@link #onListen}, but outwards. */
    void onConnectPartner(AgentLink agent, ConnectPartner asked);

    /** The agent asks for a forward session. */
    void onConnect(AgentLink agent, Connect asked);

    /** As {@link #onConnect}, but the partner is to come. */
    void onBind(AgentLink agent, Bind asked);

    void onWithdraw(AgentLink agent, RequestId withdrawn);

    /** Its control channel is gone: nobody waits for what was asked for over it. */
    void onLeft(AgentLink agent);

    /** The agent stayed away longer than the grace period. */
    void onForgotten(AgentLink agent);
}
