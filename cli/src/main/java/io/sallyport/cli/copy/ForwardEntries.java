package io.sallyport.cli.copy;

import io.sallyport.copy.remote.Route.ThroughAgent;
import io.sallyport.process.HostPort;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.Values;
import io.sallyport.process.yaml.YamlFile;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where an agent's configuration says that inside processes reach it. */
final class ForwardEntries {
    private static final HostPort NOWHERE = new HostPort("", 0);
    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::");

    private ForwardEntries() {}

    /**
     * Reads the entries, and nothing else of the file.
     *
     * @throws ConfigurationException if there are none, or one is faulty
     */
    static ThroughAgent read(Path file, @Nullable String user, @Nullable String password)
            throws ConfigurationException {
        Section root = YamlFile.read(file);
        Section forward = root.section("forward");
        var route =
                ThroughAgent.at(entry(forward, "socks"), entry(forward, "http"), user, password);
        root.faults().throwIfAny();
        return route;
    }

    private static @Nullable InetSocketAddress entry(Section forward, String kind) {
        if (!forward.has(kind)) {
            return null;
        }
        HostPort listen =
                forward.optionalSection(kind).value("listen", Values.HOST_AND_PORT, NOWHERE);
        // An entry that listens everywhere is reached on this host, too.
        String host = EVERY_ADDRESS.contains(listen.host()) ? "localhost" : listen.host();
        return InetSocketAddress.createUnresolved(host, listen.port());
    }
}
