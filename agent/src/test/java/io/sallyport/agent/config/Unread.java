package io.sallyport.agent.config;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.Section;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Files that need not be there. */
record Unread(Consumer<@Nullable String> agentName) implements NamedFiles {
    @Override
    public void identity(TlsFiles files, @Nullable String agent, Section tls) {
        agentName.accept(agent);
    }

    @Override
    public void shownToPartners(Path certificate, Path key, Section tls) {}

    @Override
    public void authorities(Path file, String key, Section section) {}
}
