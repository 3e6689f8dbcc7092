package io.sallyport.acceptance.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are in the checkout that the tests run in. */
public final class Repository {
    private static final Path ROOT = findRoot();

    public static Path root() {
        return ROOT;
    }

    public static Path acceptance() {
        return ROOT.resolve("acceptance");
    }

    /** The one entry to the product; {@code -Dsallyport.launcher=} names another one to test. */
    static Path launcher() {
        String other = System.getProperty("sallyport.launcher");
        Path launcher = other == null ? ROOT.resolve("sallyport") : Path.of(other);
        assertThat(launcher).as("the product's launcher").isExecutable();
        return launcher;
    }

    private static Path findRoot() {
        Path directory = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("acceptance/pom.xml"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException("the tests run outside of the repository");
            }
            directory = parent;
        }
        return directory;
    }

    private Repository() {}
}
