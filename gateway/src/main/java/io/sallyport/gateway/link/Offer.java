package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.Leg;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;

/** A data channel that an agent offers for one session. */
public interface Offer {
    EventLoop loop();

    boolean isUsable();

    /** Ends a channel that is not needed. May be called on any thread. */
    void retire();

    /**
     * Names the session on the channel. Called on its loop.
     *
     * @param onOpened runs when the agent says that the origin is connected
     */
    Leg open(AgentLink agent, SessionOpening opening, Runnable onOpened);

    record Framed(FramedChannel channel) implements Offer {
        @Override
        public EventLoop loop() {
            return channel.loop();
        }

        @Override
        public boolean isUsable() {
            return channel.isUsable();
        }

        @Override
        public void retire() {
            channel.loop().execute(channel::close);
        }

        @Override
        public Leg open(AgentLink agent, SessionOpening opening, Runnable onOpened) {
            return channel.open(opening, onOpened);
        }
    }

    /**
     * @param ticket names the channel to the agent when its session is opened
     */
    record Raw(TcpChannel channel, Ticket ticket) implements Offer {
        @Override
        public EventLoop loop() {
            return channel.eventLoop();
        }

        @Override
        public boolean isUsable() {
            return channel.isActive();
        }

        @Override
        public void retire() {
            // A reset: an orderly end could pass for that of a session whose opening is still on
            // its way.
            channel.close();
        }

        @Override
        public Leg open(AgentLink agent, SessionOpening opening, Runnable onOpened) {
            var leg =
                    new SocketLeg(
                            channel,
                            EndReason.CHANNEL_LOST,
                            () -> "the data channel to agent " + agent.name());
            // In the place of what kept it warm, before the agent may send the first byte.
            channel.pipeline().removeLast();
            channel.pipeline().addLast(new OpenedByte(onOpened)).addLast(leg);
            agent.send(new OpenRaw(ticket, opening));
            return leg;
        }
    }
}
