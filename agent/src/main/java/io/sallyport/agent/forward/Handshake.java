package io.sallyport.agent.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandler;
import io.sallyport.ftp.Arrival;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import org.jspecify.annotations.Nullable;

/**
 * What an entry and its client say to each other before bytes are carried: pure, one object a
 * client.
 */
interface Handshake {
    /** What to do next. */
    sealed interface Step {}

    /** More has to arrive first. */
    record More() implements Step {}

    /** Sends something, then reads on. */
    record Say(ByteBuf bytes) implements Step {}

    /** Checks who it is; {@link #loggedIn} follows. */
    record Login(String user, String password) implements Step {}

    /**
     * Asks the gateway for a partner.
     *
     * @param bind whether the partner is to come, instead of being reached
     * @param first what the partner is sent before anything that the client still sends
     * @param filter what the client's further bytes pass through, if anything
     */
    record Ask(
            boolean bind,
            String host,
            int port,
            ByteBuf first,
            @Nullable ChannelInboundHandler filter)
            implements Step {
        Ask(boolean bind, String host, int port) {
            this(bind, host, port, Unpooled.EMPTY_BUFFER, null);
        }
    }

    /**
     * Asks the gateway for an FTP server.
     *
     * @param arrival what the client has said to it already
     */
    record AskFtp(String host, int port, Arrival arrival) implements Step {}

    /**
     * Ends it.
     *
     * @param reply what the client is sent; empty to reset it
     */
    record Refuse(ByteBuf reply, String why) implements Step {}

    /** The most bytes that it may take. */
    int bytesMax();

    /**
     * Takes what it can of what has arrived, and leaves the rest: the client's first bytes for the
     * partner.
     */
    Step read(ByteBuf in);

    /** The outcome of a {@link Login}. */
    Step loggedIn(boolean known);

    /** What the client is sent when the gateway listens for the partner. */
    default ByteBuf listening(Endpoint bound) {
        return Unpooled.EMPTY_BUFFER;
    }

    /**
     * What the client is sent when the partner is there.
     *
     * @param address the gateway's own, or the partner's if that was awaited
     */
    ByteBuf accepted(Endpoint address);

    /** What the client is sent when there will be no partner; empty to reset it. */
    ByteBuf refused(RefusalKind kind, String why);
}
