package io.sallyport.cli.demo;

import io.sallyport.process.Foreground;
import io.sallyport.process.log.LogOptions;
import io.sallyport.process.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport demo}: everything in one process, and commands to copy. */
@Command(
        name = "demo",
        description =
                "Runs a gateway, an agent, and SFTP, SCP, FTP and HTTPS origins on loopback, and"
                        + " shows commands to try.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where keys, certificates and files lie, and stay (default: a temporary"
                            + " folder).")
    private @Nullable Path directory;

    @Mixin private LogOptions log = new LogOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        log.apply();
        boolean temporary = directory == null;
        Path folder = directory == null ? Files.createTempDirectory("sallyport-demo-") : directory;
        var signals = new Foreground();
        try (var demo = Demo.start(DemoFolder.create(folder))) {
            show(demo, folder);
            signals.run(() -> {}, _ -> {}, Duration.ZERO);
        } finally {
            if (temporary) {
                delete(folder);
            }
            Logging.flush();
        }
        return 0;
    }

    private void show(Demo demo, Path folder) {
        var out = spec.commandLine().getOut();
        out.println();
        out.println(
                "A partner's bytes go: partner -> gateway -> agent -> origin. All four are on this"
                        + " host.");
        out.println("The origins show " + folder.resolve("files") + ". In another terminal, try:");
        out.println();
        for (Example example : demo.examples()) {
            out.println("# " + example.what());
            out.println("$ " + example.command());
        }
        out.println();
        out.println("Ctrl-C ends the demo.");
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
