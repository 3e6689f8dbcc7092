package io.sallyport.acceptance.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A deployment that the tests of one class share, one for each encryption mode after the other.
 * After every test it checks that gateway and agent hold no more than before it.
 */
public final class Stage implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final UnaryOperator<Deployment> prepare;
    private @Nullable Encryption encryption;
    private @Nullable Deployment deployment;
    private @Nullable Footprint before;

    /**
     * @param prepare configures a deployment; it is started afterwards
     */
    public Stage(UnaryOperator<Deployment> prepare) {
        this.prepare = prepare;
    }

    /** Starts the deployment in a mode, unless it runs in that mode already. */
    public void use(Encryption wanted) {
        if (wanted != encryption) {
            close();
            encryption = wanted;
            Deployment started = prepare.apply(new Deployment(newDirectory(), wanted));
            deployment = started;
            started.start();
        }
    }

    public Deployment deployment() {
        if (deployment == null) {
            throw new IllegalStateException("used outside of a test");
        }
        return deployment;
    }

    public int port(String service) {
        return deployment().port(service);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before = deployment().footprint();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (before != null && context.getExecutionException().isEmpty()) {
            deployment().awaitBackAt(before);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private void close() {
        if (deployment != null) {
            deployment.close();
            deleteRecursively(deployment.directory());
            deployment = null;
        }
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("sallyport");
        } catch (IOException cannotCreate) {
            throw new UncheckedIOException(cannotCreate);
        }
    }

    private static void deleteRecursively(Path directory) {
        try (Stream<Path> entries = Files.walk(directory)) {
            List<Path> deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.delete(entry);
            }
        } catch (IOException cannotDelete) {
            throw new UncheckedIOException(cannotDelete);
        }
    }
}
