package io.sallyport.relay.tcp;

import io.netty.channel.ChannelId;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells channels of this process apart. Netty's own identifier is to be unique in the world: it
 * costs 90 bytes for each connection, and a look for the host's network cards at the start.
 */
record ChannelNumber(long number) implements ChannelId {
    private static final AtomicLong LAST = new AtomicLong();

    static ChannelNumber next() {
        return new ChannelNumber(LAST.incrementAndGet());
    }

    @Override
    public String asShortText() {
        return Long.toString(number);
    }

    @Override
    public String asLongText() {
        return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
        return other instanceof ChannelNumber(long others)
                ? Long.compare(number, others)
                : asLongText().compareTo(other.asLongText());
    }
}
