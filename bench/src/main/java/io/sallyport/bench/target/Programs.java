package io.sallyport.bench.target;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the peers: what bench/setup unpacked, else what the system has. */
final class Programs {
    private final Path unpacked;

    Programs(Path unpacked) {
        this.unpacked = unpacked;
    }

    Optional<Path> find(String name) {
        Stream<Path> peers = Stream.of("usr/sbin", "usr/bin").map(unpacked::resolve);
        Stream<Path> system =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
        return Stream.of(peers, system, Stream.of(Path.of("/usr/sbin")))
                .flatMap(places -> places)
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    String path(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("no " + name)).toString();
    }

    /** A sentence if one of the programs is not here. */
    Optional<String> missing(String... names) {
        String absent =
                Stream.of(names)
                        .filter(name -> find(name).isEmpty())
                        .collect(Collectors.joining(", "));
        return absent.isEmpty() ? Optional.empty() : Optional.of("not here: " + absent);
    }

    Path unpacked(String path) {
        return unpacked.resolve(path);
    }

    /** Where unpacked programs find their unpacked libraries. */
    Map<String, String> environment() {
        try (Stream<Path> architectures = Files.list(unpacked.resolve("usr/lib"))) {
            return Map.of(
                    "LD_LIBRARY_PATH",
                    architectures
                            .filter(path -> path.toString().endsWith("-linux-gnu"))
                            .map(Path::toString)
                            .collect(Collectors.joining(":")));
        } catch (java.io.IOException nothingUnpacked) {
            return Map.of();
        }
    }
}
