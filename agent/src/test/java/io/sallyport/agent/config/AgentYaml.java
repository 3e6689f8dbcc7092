package io.sallyport.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parts of an agent.yaml, read; the name of the first service is in line 3. */
final class AgentYaml {
    private static final String AGENT =
            """
            agent: {name: inside-1, gateways: "dmz-1:7443", tls: {certificate: a, key: b, trust: c}}
            services:
            """;

    private final Path folder;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> lookedAt = new ArrayList<>();

    AgentYaml(Path folder) {
        this.folder = folder;
    }

    List<String> warnings() {
        return warnings;
    }

    /** The files that were. */
    List<String> lookedAt() {
        return lookedAt;
    }

    /** Tells which files were looked at, and finds nothing wrong. */
    private final class Looked implements NamedFiles {
        @Override
        public void identity(TlsFiles files, @Nullable String agent, Section tls) {}

        @Override
        public void shownToPartners(Path certificate, Path key, Section tls) {
            lookedAt.add(certificate.getFileName() + " " + key.getFileName());
        }

        @Override
        public void authorities(Path file, String key, Section section) {
            lookedAt.add(key + " " + file.getFileName());
        }
    }

    List<ServiceConfig> read(String services) throws IOException, ConfigurationException {
        return config(AGENT + services.indent(2)).services();
    }

    private AgentConfig config(String text) throws IOException, ConfigurationException {
        Path file = Files.writeString(folder.resolve("agent.yaml"), text);
        return AgentConfigFile.read(
                file, new Looked(), warning -> warnings.add(withoutFile(warning)));
    }

    /** The section {@code forward} of a file without services. */
    ForwardConfig forward(String section) throws IOException, ConfigurationException {
        return config(AGENT + "  {}\nforward:\n" + section.indent(2)).forward();
    }

    List<String> forwardFaults(String section) {
        var refused = catchThrowableOfType(ConfigurationException.class, () -> forward(section));
        assertThat(refused).as("a fault").isNotNull();
        return refused.faults().stream().map(this::withoutFile).toList();
    }

    private String withoutFile(String sentence) {
        return sentence.replace(folder + "/agent.yaml:", "");
    }

    List<String> faults(String services) {
        var refused = catchThrowableOfType(ConfigurationException.class, () -> read(services));
        assertThat(refused).as("a fault").isNotNull();
        return refused.faults().stream().map(this::withoutFile).toList();
    }

    /** The one service of a file, with these lines besides the least that it needs. */
    FtpConfig one(String protocol, String... more) throws Exception {
        return Objects.requireNonNull(
                read(service("one", protocol, 21, "50000-50099", more)).getFirst().ftp());
    }

    /** A service in five lines, and one for each more. */
    static String service(String name, String protocol, int port, String ports, String... more) {
        return """
        %s:
          protocol: %s
          listen: 192.0.2.1:%d
          origin: ftp.inside.example:21
          passive: {ports: %s}
          %s
        """
                .formatted(name, protocol, port, ports, String.join("\n  ", more));
    }

    static String passThrough(String name, String passive) {
        return service(name, "ftps", 21, "", "tls: pass-through")
                .replace("{ports: }", "{" + passive + "}");
    }
}
