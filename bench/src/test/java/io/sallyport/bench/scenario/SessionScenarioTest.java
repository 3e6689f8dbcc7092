package io.sallyport.bench.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.load.DelayingRelay;
import io.sallyport.bench.load.Origin;
import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SessionScenarioTest {
    @AutoClose private final Origin origin = Origin.start();
    @TempDir private Path directory;

    @Test
    void half_of_a_rate_that_was_none_is_not_tried() {
        var slow = new SlowNetwork(Duration.ofMillis(500));
        try (Chain chain = slow.start(directory, origin.port(), Duration.ZERO)) {
            // All sessions are answered, but after the sample.
            var subject = new Subject(slow, chain, origin, Duration.ofMillis(50), () -> directory);

            assertThatThrownBy(() -> new SessionScenario(8).measure(subject))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no session was served in time");
        }
    }

    /** No process, but a network before the origin. */
    private record SlowNetwork(Duration roundTrip) implements Target {
        @Override
        public String name() {
            return "slow-network";
        }

        @Override
        public String description() {
            return "a slow network, nothing else";
        }

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public Chain start(Path directory, int originPort, Duration ignored) {
            var network = DelayingRelay.to(originPort, roundTrip);
            return new Chain(network.port(), List.of(), network);
        }
    }
}
