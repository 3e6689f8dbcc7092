package io.sallyport.acceptance.peer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.acceptance.product.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds real clients and servers: those of the system, or those that acceptance/setup unpacked. */
public final class Programs {
    private static final Path UNPACKED = Repository.acceptance().resolve("target/peers");
    private static final List<String> LIBRARIES = List.of("usr/lib", "lib");

    /**
     * The program's path; without it, the test that asks is skipped and says which one it lacks.
     */
    public static String path(String name) {
        Optional<Path> found = find(name);
        assumeTrue(found.isPresent(), () -> name + " is not here: run acceptance/setup");
        return found.orElseThrow().toString();
    }

    /** The path of a file of a package, as {@code usr/lib/x}; otherwise as {@link #path}. */
    public static Path file(String path) {
        Optional<Path> found =
                Stream.of(Path.of("/"), UNPACKED)
                        .map(root -> root.resolve(path))
                        .filter(Files::isReadable)
                        .findFirst();
        assumeTrue(found.isPresent(), () -> path + " is not here: run acceptance/setup");
        return found.orElseThrow();
    }

    /** What programs that were unpacked need beside their path. */
    public static Map<String, String> environment() {
        String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
        String libraries =
                LIBRARIES.stream()
                        .map(place -> UNPACKED.resolve(place).resolve(architecture + "-linux-gnu"))
                        .map(Path::toString)
                        .collect(Collectors.joining(":"));
        return Map.of("LD_LIBRARY_PATH", libraries);
    }

    private static Optional<Path> find(String name) {
        Stream<Path> system =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
        Stream<Path> administrator = Stream.of(Path.of("/usr/sbin"), Path.of("/sbin"));
        Stream<Path> unpacked =
                Stream.of("usr/bin", "usr/sbin", "bin", "sbin").map(UNPACKED::resolve);
        return Stream.of(system, administrator, unpacked)
                .flatMap(places -> places)
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Programs() {}
}
