package io.sallyport.gateway;

import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.gateway.config.GatewayConfigFile;
import io.sallyport.process.Foreground;
import io.sallyport.process.OperatorException;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.command.DurationConverter;
import io.sallyport.process.log.LogOptions;
import io.sallyport.process.log.Logging;
import io.sallyport.process.yaml.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport gateway}: runs a gateway until it is told to stop. */
@Command(
        name = "gateway",
        description =
                "Runs a gateway. SIGHUP reloads its configuration, SIGTERM drains, a second SIGTERM"
                        + " ends it now.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class GatewayCommand implements Callable<Integer> {
    @Option(names = "-c", required = true, paramLabel = "FILE", description = "gateway.yaml")
    private Path file;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long sessions may go on after SIGTERM (default: 30s).")
    private Duration patience = Duration.ofSeconds(30);

    @Mixin private LogOptions log = new LogOptions();

    @Override
    public Integer call() throws ConfigurationException, InterruptedException {
        GatewayConfig config = GatewayConfigFile.readForStart(file);
        log.apply();
        var signals = new Foreground();
        // The socket first: a second process by mistake ends before it is in anybody's way.
        try (StatusSocket status = StatusSocket.open(config.statusSocket());
                Gateway gateway = Gateway.start(config)) {
            status.show(gateway::status);
            signals.run(() -> reload(gateway), time -> drain(gateway, status, time), patience);
        } finally {
            Logging.flush();
        }
        return 0;
    }

    /** Frees the status socket first: a new process may start while this one drains. */
    private static void drain(Gateway gateway, StatusSocket status, Duration time) {
        status.close();
        gateway.drain(time);
    }

    private void reload(Gateway gateway) {
        try {
            gateway.reload(GatewayConfigFile.read(file));
        } catch (ConfigurationException faulty) {
            throw new OperatorException(String.join("; ", faulty.faults()), faulty);
        }
    }
}
