package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WarmChannelsTest {
    private final EventLoop core = new DefaultEventLoop();
    private final EventLoop other = new DefaultEventLoop();
    private final WarmChannels warm = new WarmChannels(new LoopLoads(core, 2));

    @Test
    void without_a_channel_there_is_none_to_take() {
        var only = new IdleOffer(other);
        warm.add(only, 0);

        assertThat(warm.take()).isSameAs(only);
        assertThat(warm.take()).isNull();
        assertThat(warm.takeOldest(Long.MAX_VALUE)).isNull();
        assertThat(warm.count()).isZero();
    }

    @Test
    void a_channel_that_is_gone_is_not_taken() {
        var left = new IdleOffer(core);
        var gone = new IdleOffer(core);
        warm.add(left, 0);
        warm.add(gone, 0);
        warm.remove(gone);
        warm.remove(gone);

        assertThat(warm.count()).isEqualTo(1);
        assertThat(warm.take()).isSameAs(left);
    }

    @Test
    void the_one_that_has_waited_longest_is_the_oldest_whichever_its_loop() {
        var oldest = new IdleOffer(other);
        var second = new IdleOffer(core);
        warm.add(oldest, 10);
        warm.add(second, 20);
        warm.add(new IdleOffer(other), 30);

        assertThat(warm.takeOldest(20)).isSameAs(oldest);
        assertThat(warm.takeOldest(20)).isSameAs(second);
        assertThat(warm.takeOldest(20)).isNull();
        assertThat(warm.count()).isEqualTo(1);
    }

    @Test
    void clearing_tells_of_all() {
        var channels = List.of(new IdleOffer(core), new IdleOffer(other), new IdleOffer(core));
        channels.forEach(channel -> warm.add(channel, 0));
        List<Offer> told = new ArrayList<>();
        warm.clear(told::add);

        assertThat(told).containsExactlyInAnyOrderElementsOf(channels);
        assertThat(warm.count()).isZero();
        assertThat(warm.take()).isNull();
    }
}
