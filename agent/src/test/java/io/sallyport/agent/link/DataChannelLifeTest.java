package io.sallyport.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataChannelLifeTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void a_channel_is_offered_again_for_a_thousand_sessions() {
        assertThat(DataChannel.mayCarryAnother(999, Duration.ZERO)).isTrue();
        assertThat(DataChannel.mayCarryAnother(1_000, Duration.ZERO)).isFalse();
    }

    @Test
    void a_channel_is_offered_again_for_ten_minutes() {
        assertThat(DataChannel.mayCarryAnother(1, TEN_MINUTES.minusMillis(1))).isTrue();
        assertThat(DataChannel.mayCarryAnother(1, TEN_MINUTES)).isFalse();
    }
}
