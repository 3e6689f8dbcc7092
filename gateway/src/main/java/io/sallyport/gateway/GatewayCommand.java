package io.sallyport.gateway;

import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.gateway.config.GatewayConfigFile;
import io.sallyport.process.Foreground;
import io.sallyport.process.OperatorException;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.command.DaemonCommand;
import io.sallyport.process.yaml.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sallyport gateway}: runs a gateway until it is told to stop. */
public final class GatewayCommand {
    private GatewayCommand() {}

    public static CommandSpec spec() {
        return DaemonCommand.of("gateway", "a gateway", "gateway.yaml", GatewayCommand::run);
    }

    private static void run(Path file, Runnable log, Duration patience)
            throws ConfigurationException, InterruptedException {
        GatewayConfig config = GatewayConfigFile.readForStart(file);
        log.run();
        var signals = new Foreground();
        // The socket first: a second process by mistake ends before it is in anybody's way.
        try (StatusSocket status = StatusSocket.open(config.statusSocket());
                Gateway gateway = Gateway.start(config)) {
            status.show(gateway::status);
            signals.run(
                    () -> reload(gateway, file), time -> drain(gateway, status, time), patience);
        }
    }

    /** Frees the status socket first: a new process may start while this one drains. */
    private static void drain(Gateway gateway, StatusSocket status, Duration time) {
        status.close();
        gateway.drain(time);
    }

    private static void reload(Gateway gateway, Path file) {
        try {
            gateway.reload(GatewayConfigFile.read(file));
        } catch (ConfigurationException faulty) {
            throw new OperatorException(String.join("; ", faulty.faults()), faulty);
        }
    }
}
