package io.sallyport.bench.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nothing in between: what load generator and origin can do by themselves. */
public record Direct() implements Target {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public String description() {
        return "load generator to origin, nothing in between";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return new Chain(originPort, List.of(), null);
    }
}
