package io.sallyport.acceptance.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A deployment that the tests of one class share. After every test it checks that gateway and agent
 * hold no more than before it.
 */
public final class Stage
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final Encryption encryption;
    private final UnaryOperator<Deployment> prepare;
    private @Nullable Path directory;
    private @Nullable Deployment deployment;
    private @Nullable Footprint before;

    /**
     * @param prepare configures the deployment; it is started afterwards
     */
    public Stage(Encryption encryption, UnaryOperator<Deployment> prepare) {
        this.encryption = encryption;
        this.prepare = prepare;
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
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("sallyport");
        deployment = prepare.apply(new Deployment(directory, encryption));
        deployment.start();
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
    public void afterAll(ExtensionContext context) throws IOException {
        if (deployment != null) {
            deployment.close();
        }
        if (directory != null) {
            try (Stream<Path> entries = Files.walk(directory)) {
                List<Path> deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
                for (Path entry : deepestFirst) {
                    Files.delete(entry);
                }
            }
        }
    }
}
