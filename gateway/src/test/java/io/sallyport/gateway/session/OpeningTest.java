package io.sallyport.gateway.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.ChannelLeg;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.LossWatcher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What becomes of a partner's first bytes, and of its session if the data channel is lost. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OpeningTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final List<String> told = new ArrayList<>();
    private final TestLeg partner = new TestLeg();
    private final TestLeg channel = new TestLeg();
    private final Opening opening =
            new Opening(
                    new Opening.Outcome() {
                        @Override
                        public void opened(Leg partner, Leg channel) {
                            told.add("opened");
                        }

                        @Override
                        public void channelLost() {
                            told.add("another channel");
                        }

                        @Override
                        public void failed(EndReason reason, String why) {
                            told.add("failed " + reason);
                        }
                    });

    private Runnable onOpened = () -> {};

    @AfterEach
    void close() {
        loop.shutdownGracefully();
    }

    @Test
    void on_a_fresh_channel_bytes_go_ahead() {
        start(true);
        partner.holds("hello");
        partner.holds(" again");

        assertThat(channel.ahead).containsExactly("hello", " again");
        onOpened.run();
        assertThat(told).containsExactly("opened");
    }

    @Test
    void bytes_that_were_there_before_go_ahead_too() {
        partner.holds("waiting");

        start(true);

        assertThat(channel.ahead).containsExactly("waiting");
    }

    @Test
    void no_more_goes_ahead_than_the_agent_is_to_hold() {
        start(true);
        partner.holds("x".repeat(10_000));
        partner.holds("y".repeat(10_000));
        partner.holds("z");

        assertThat(channel.ahead).containsExactly("x".repeat(10_000), "y".repeat(6_384));
    }

    @Test
    void on_a_channel_that_may_be_dead_bytes_are_held_back() {
        start(false);
        partner.holds("hello");

        assertThat(channel.ahead).isEmpty();
        onOpened.run();
        assertThat(told).containsExactly("opened");
    }

    @Test
    void a_session_whose_bytes_were_held_back_can_go_on_another_channel() {
        start(false);
        partner.holds("hello");

        channel.lose(EndReason.CHANNEL_LOST);

        assertThat(told).containsExactly("another channel");
    }

    @Test
    void a_session_whose_partner_has_sent_nothing_can_go_on_another_channel() {
        start(true);

        channel.lose(EndReason.CHANNEL_LOST);

        assertThat(told).containsExactly("another channel");
    }

    @Test
    void a_session_whose_bytes_went_ahead_ends_with_the_channel() {
        start(true);
        partner.holds("pay");

        channel.lose(EndReason.CHANNEL_LOST);

        assertThat(told).containsExactly("failed channel-lost");
    }

    @Test
    void a_session_whose_bytes_went_ahead_ends_with_the_agent() {
        start(true);
        partner.holds("pay");

        opening.channelLost("the agent was restarted");

        assertThat(told).containsExactly("failed channel-lost");
        assertThat(channel.resets).containsExactly(EndReason.CHANNEL_LOST);
    }

    @Test
    void nothing_goes_ahead_once_the_session_is_over() {
        start(true);
        partner.lose(EndReason.PARTNER_RESET);

        partner.holds("late");

        assertThat(channel.ahead).isEmpty();
        assertThat(told).containsExactly("failed partner-reset");
        assertThat(channel.resets).containsExactly(EndReason.PARTNER_RESET);
    }

    private void start(boolean fresh) {
        opening.start(
                partner,
                fresh,
                whenOpened -> {
                    onOpened = whenOpened;
                    return channel;
                });
    }

    /** A leg that holds what arrives, and notes what it is told. */
    private final class TestLeg implements ChannelLeg {
        private final List<ByteBuf> held = new ArrayList<>();
        private final List<String> ahead = new ArrayList<>();
        private final List<EndReason> resets = new ArrayList<>();
        private LossWatcher watcher = (_, _) -> {};

        void holds(String text) {
            ByteBuf bytes = Unpooled.copiedBuffer(text, US_ASCII);
            held.add(bytes);
            watcher.onHeld(bytes);
        }

        void lose(EndReason reason) {
            watcher.onLost(reason, "lost");
        }

        @Override
        public void sendAhead(ByteBuf bytes) {
            ahead.add(bytes.toString(US_ASCII));
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public void watch(LossWatcher watcher) {
            this.watcher = watcher;
            held.forEach(watcher::onHeld);
        }

        @Override
        public void reset(EndReason reason, String why) {
            resets.add(reason);
        }

        @Override
        public void attach(LegHandler handler) {}

        @Override
        public void write(ByteBuf bytes) {}

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void end() {}

        @Override
        public void close() {}
    }
}
