package io.sallyport.agent.session;

import io.sallyport.protocol.ControlMessage;

/** A gateway that can be asked for something. Used on the core loop only. */
@FunctionalInterface
public interface Gateway {
    /** Sends a message on the control channel, if that is up. */
    void send(ControlMessage message);
}
