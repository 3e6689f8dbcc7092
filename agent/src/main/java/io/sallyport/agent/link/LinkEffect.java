package io.sallyport.agent.link;

import io.sallyport.protocol.CloseReason;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.OpeningKey;
import java.time.Duration;
import org.slf4j.event.Level;

/** What a link is to do. */
sealed interface LinkEffect {
    record Connect() implements LinkEffect {}

    record AwaitWelcome() implements LinkEffect {}

    /** The gateway may ask for data channels from here on. */
    record BeginService(OpeningKey openingKey) implements LinkEffect {}

    record Publish() implements LinkEffect {}

    /** Publishes the same again after a while, unless the gateway tells of its listeners before. */
    record PublishLater(Duration delay) implements LinkEffect {}

    record Serve(FromGateway message) implements LinkEffect {}

    /** Closes every data channel without a session. */
    record EndService() implements LinkEffect {}

    /** Takes no new session, but leaves offered data channels to the gateway for a moment. */
    record WindDownService() implements LinkEffect {}

    /** Says goodbye and closes the control channel. */
    record SayGoodbye(CloseReason reason, String why) implements LinkEffect {}

    /** Gives up the dial, or closes the control channel of a gateway that said goodbye. */
    record LeaveQuietly() implements LinkEffect {}

    record Retry(Duration delay) implements LinkEffect {}

    /**
     * @param what the event, for the log
     */
    record Report(Level level, String what, String why) implements LinkEffect {}
}
