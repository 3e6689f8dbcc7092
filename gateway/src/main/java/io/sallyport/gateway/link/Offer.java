package io.sallyport.gateway.link;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel;
import io.sallyport.relay.tcp.TcpChannel;

/** A data channel that an agent offers for one session. */
public sealed interface Offer {
    EventLoop loop();

    boolean isUsable();

    /** Ends a channel that is not needed. */
    void retire();

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
            channel.closeInOrder();
        }
    }
}
