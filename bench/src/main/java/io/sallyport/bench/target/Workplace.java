package io.sallyport.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory for the configuration and the logs of what is started. */
public final class Workplace implements AutoCloseable {
    private final Path directory;

    private Workplace(Path directory) {
        this.directory = directory;
    }

    public static Workplace make() {
        try {
            return new Workplace(Files.createTempDirectory("sallyport-bench"));
        } catch (IOException cannotMake) {
            throw new UncheckedIOException(cannotMake);
        }
    }

    /** A path that does not exist yet. */
    public Path path(String name) {
        return directory.resolve(name);
    }

    public Path newDirectory() {
        try {
            return Files.createTempDirectory(directory, "chain");
        } catch (IOException cannotMake) {
            throw new UncheckedIOException(cannotMake);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(leftBehind);
        }
    }
}
