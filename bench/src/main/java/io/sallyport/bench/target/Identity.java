package io.sallyport.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code sallyport init} wrote: keys and certificates that all targets use. */
public record Identity(Path directory) {
    /** Makes a new one in a directory that does not exist yet. */
    public static Identity make(Path root, Path directory) {
        Server.run(
                directory.resolveSibling("."),
                Map.of(),
                root.resolve("sallyport").toString(),
                "init",
                directory.toString());
        return new Identity(directory);
    }

    List<Path> files() {
        return Stream.of("ca.crt", "gateway.crt", "gateway.key", "agent.crt", "agent.key")
                .map(directory::resolve)
                .toList();
    }

    Path certificate() {
        return directory.resolve("gateway.crt");
    }

    Path key() {
        return directory.resolve("gateway.key");
    }

    /** Certificate and key in one text. */
    String both() {
        try {
            return Files.readString(certificate()) + Files.readString(key());
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }
}
