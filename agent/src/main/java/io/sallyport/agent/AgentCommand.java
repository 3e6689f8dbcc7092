package io.sallyport.agent;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.AgentConfigFile;
import io.sallyport.process.Foreground;
import io.sallyport.process.OperatorException;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.command.DurationConverter;
import io.sallyport.process.log.LogOptions;
import io.sallyport.process.log.Logging;
import io.sallyport.process.yaml.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport agent}: runs an agent until it is told to stop. */
@Command(
        name = "agent",
        description =
                "Runs an agent. SIGHUP reloads its configuration, SIGTERM drains, a second SIGTERM"
                        + " ends it now.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AgentCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);

    @Option(names = "-c", required = true, paramLabel = "FILE", description = "agent.yaml")
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
        List<String> warnings = new ArrayList<>();
        AgentConfig config = AgentConfigFile.read(file, warnings::add);
        log.apply();
        warnings.forEach(AgentCommand::warn);
        var signals = new Foreground();
        // The socket first: a second process by mistake ends before it is in anybody's way.
        try (StatusSocket status = StatusSocket.open(config.statusSocket());
                Agent agent = Agent.start(config)) {
            status.show(agent::status);
            signals.run(() -> reload(agent), time -> drain(agent, status, time), patience);
        } finally {
            Logging.flush();
        }
        return 0;
    }

    /** Frees the status socket first: a new process may start while this one drains. */
    private static void drain(Agent agent, StatusSocket status, Duration time) {
        status.close();
        agent.drain(time);
    }

    private static void warn(String warning) {
        LOG.atWarn().addKeyValue("why", warning).log("the configuration may not be what was meant");
    }

    private void reload(Agent agent) {
        try {
            agent.reload(AgentConfigFile.read(file, AgentCommand::warn));
        } catch (ConfigurationException faulty) {
            throw new OperatorException(String.join("; ", faulty.faults()), faulty);
        }
    }
}
