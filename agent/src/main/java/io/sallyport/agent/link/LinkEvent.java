package io.sallyport.agent.link;

import io.sallyport.protocol.ControlMessage.FromGateway;

/** What can happen to a link. */
sealed interface LinkEvent {
    /** The gateway is reached, and was told hello. */
    record Connected() implements LinkEvent {}

    record NotReached(String why) implements LinkEvent {}

    record Received(FromGateway message) implements LinkEvent {}

    /** The gateway took too long to answer the hello. */
    record DeadlinePassed() implements LinkEvent {}

    record Lost(String why) implements LinkEvent {}

    /** Data channels can't be brought although the control channel lives. */
    record DataPathFailed(String why) implements LinkEvent {}

    /** The services differ, or the gateway should try its listeners again. */
    record PublishWanted() implements LinkEvent {}

    record WaitIsOver() implements LinkEvent {}

    /**
     * @param why one sentence for the gateway
     */
    record Stop(String why) implements LinkEvent {}
}
