package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.ChannelLeg;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WarmChannelsTest {
    private final EventLoop core = new DefaultEventLoop();
    private final EventLoop other = new DefaultEventLoop();
    private final WarmChannels warm = new WarmChannels(new LoopLoads(core));

    private record Idle(EventLoop loop, int number) implements Offer {
        @Override
        public boolean isUsable() {
            return true;
        }

        @Override
        public boolean isFresh() {
            return true;
        }

        @Override
        public void retire() {}

        @Override
        public ChannelLeg open(AgentLink agent, SessionOpening opening, Runnable onOpened) {
            throw new AssertionError("what is warm opens no session");
        }
    }

    @Test
    void without_a_channel_there_is_none_to_take() {
        warm.add(new Idle(other, 1), 0);

        assertThat(warm.take()).isEqualTo(new Idle(other, 1));
        assertThat(warm.take()).isNull();
        assertThat(warm.takeOldest(Long.MAX_VALUE)).isNull();
        assertThat(warm.count()).isZero();
    }

    @Test
    void a_channel_that_is_gone_is_not_taken() {
        var left = new Idle(core, 1);
        var gone = new Idle(core, 2);
        warm.add(left, 0);
        warm.add(gone, 0);
        warm.remove(gone);
        warm.remove(gone);

        assertThat(warm.count()).isEqualTo(1);
        assertThat(warm.take()).isEqualTo(left);
    }

    @Test
    void the_one_that_has_waited_longest_is_the_oldest_whichever_its_loop() {
        warm.add(new Idle(other, 1), 10);
        warm.add(new Idle(core, 2), 20);
        warm.add(new Idle(other, 3), 30);

        assertThat(warm.takeOldest(20)).isEqualTo(new Idle(other, 1));
        assertThat(warm.takeOldest(20)).isEqualTo(new Idle(core, 2));
        assertThat(warm.takeOldest(20)).isNull();
        assertThat(warm.count()).isEqualTo(1);
    }

    @Test
    void clearing_tells_of_all() {
        var channels = List.of(new Idle(core, 1), new Idle(other, 2), new Idle(core, 3));
        channels.forEach(channel -> warm.add(channel, 0));
        List<Offer> told = new ArrayList<>();
        warm.clear(told::add);

        assertThat(told).containsExactlyInAnyOrderElementsOf(channels);
        assertThat(warm.count()).isZero();
        assertThat(warm.take()).isNull();
    }
}
