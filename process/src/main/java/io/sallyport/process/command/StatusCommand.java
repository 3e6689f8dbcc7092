package io.sallyport.process.command;

import io.sallyport.process.StatusSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport status}: asks the gateways and agents that run on this host as this user. */
@Command(name = "status", description = "Shows the gateways and agents that run on this host.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class StatusCommand implements Callable<Integer> {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description =
                    "Ask the process behind this socket only (status-socket of its configuration).")
    private @Nullable Path socket;

    @Option(names = "--json", description = "Print one JSON object for each process.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        List<Path> sockets = socket == null ? sockets() : List.of(socket);
        if (sockets.isEmpty()) {
            err.println(
                    "sallyport: no gateway and no agent of this user runs here: there is no socket"
                            + " in "
                            + StatusSocket.defaultFolder());
            return 1;
        }
        boolean answered = true;
        for (Path path : sockets) {
            try {
                out.print(StatusSocket.ask(path, json ? "json" : "text"));
            } catch (IOException silent) {
                err.println("sallyport: nothing answers on " + path + ": " + silent.getMessage());
                answered = false;
            }
        }
        out.flush();
        return answered ? 0 : 1;
    }

    private static List<Path> sockets() throws IOException {
        Path folder = StatusSocket.defaultFolder();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sock")).sorted().toList();
        }
    }
}
