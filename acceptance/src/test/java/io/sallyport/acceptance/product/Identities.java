package io.sallyport.acceptance.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One authority, one gateway and two agents, made once by the product itself for all tests. */
final class Identities {
    private static final List<String> FILES =
            List.of(
                    "ca.crt",
                    "gateway.crt",
                    "gateway.key",
                    "agent.crt",
                    "agent.key",
                    "inside-2.crt",
                    "inside-2.key");

    private static @Nullable Path made;

    static synchronized void copyTo(Path directory) {
        try {
            Path identities = made == null ? make() : made;
            made = identities;
            for (String file : FILES) {
                Files.copy(identities.resolve(file), directory.resolve(file));
            }
        } catch (IOException cannotCopy) {
            throw new UncheckedIOException(cannotCopy);
        }
    }

    private static Path make() throws IOException {
        Path target = Files.createDirectories(Repository.acceptance().resolve("target"));
        Path parent = Files.createTempDirectory(target, "identities");
        Path directory = parent.resolve("init");
        CommandResult init =
                Commands.sallyport(
                        parent, "init", directory.toString(), "--gateway", "127.0.0.1:7443");
        assertThat(init.exitCode()).as(init::text).isZero();
        CommandResult issue = Commands.sallyport(directory, "issue", "inside-2");
        assertThat(issue.exitCode()).as(issue::text).isZero();
        return directory;
    }

    private Identities() {}
}
