package io.sallyport.bench.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.load.DelayingRelay;
import io.sallyport.bench.load.Origin;
import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Direct;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        var network = DelayingRelay.to(origin.port(), Duration.ofMillis(500));
        try (var chain = new Chain(network.port(), List.of(), network)) {
            // All sessions are answered, but after the sample.
            var sample = Duration.ofMillis(50);
            var subject = new Subject(new Direct(), chain, origin, sample, () -> directory);

            assertThatThrownBy(() -> new SessionScenario(8).measure(subject))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no session was served in time");
        }
    }
}
