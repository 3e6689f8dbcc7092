package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Opened;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FrameWriterTest {
    private static final String OPENED = "03000000";
    private static final String END = "05000000";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameWriter frames = new FrameWriter(channel);

    @BeforeEach
    void stop_the_clock() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void a_frame_is_sent_at_once() {
        frames.send(new Opened());

        assertThat(sent()).isEqualTo(OPENED);
    }

    @Test
    void a_frame_that_is_to_go_with_the_next_one_waits_for_it() {
        frames.sendWithNext(new Opened(), FrameWriter.UNTIL_ANSWERED);
        assertThat(sent()).isEmpty();

        frames.writeData(Unpooled.directBuffer().writeBytes(new byte[] {1, 2}));
        assertThat(sent()).isEmpty();

        frames.flush();
        assertThat(sent()).isEqualTo(OPENED + "04000002" + "0102");
        assertNothingWaits();
    }

    @Test
    void it_goes_with_a_frame_that_is_sent_at_once() {
        frames.sendWithNext(new Opened(), FrameWriter.UNTIL_ANSWERED);
        frames.send(new End());

        assertThat(sent()).isEqualTo(OPENED + END);
        assertNothingWaits();
    }

    @Test
    void it_goes_alone_if_nothing_comes_in_time() {
        frames.sendWithNext(new Opened(), FrameWriter.UNTIL_ANSWERED);
        pass(FrameWriter.UNTIL_ANSWERED.minusNanos(1));
        assertThat(sent()).isEmpty();

        pass(Duration.ofNanos(1));
        assertThat(sent()).isEqualTo(OPENED);
        assertNothingWaits();
    }

    @Test
    void it_may_wait_for_the_next_turn_of_the_loop_only() {
        frames.sendWithNext(new Opened(), FrameWriter.UNTIL_READ);
        assertThat(sent()).isEmpty();

        channel.runScheduledPendingTasks();
        assertThat(sent()).isEqualTo(OPENED);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private void assertNothingWaits() {
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    private String sent() {
        var hex = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound();
                piece != null;
                piece = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(piece));
            piece.release();
        }
        return hex.toString();
    }
}
