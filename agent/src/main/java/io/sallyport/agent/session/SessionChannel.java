package io.sallyport.agent.session;

import io.sallyport.protocol.ControlMessage;
import io.sallyport.relay.Leg;

/** A data channel on which a gateway opened a session, as the session sees it. */
public interface SessionChannel {
    /** Which gateway, as configured: {@code dmz-1.example.com:7443}. */
    String gateway();

    Leg leg();

    /**
     * Sends the gateway a message on its control channel, if that is up. Called on the core loop.
     */
    void tell(ControlMessage message);

    /** Tells the gateway that the origin is connected. Called on the leg's loop. */
    void confirmOpened();
}
