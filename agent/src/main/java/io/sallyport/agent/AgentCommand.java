package io.sallyport.agent;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.AgentConfigFile;
import io.sallyport.process.Foreground;
import io.sallyport.process.OperatorException;
import io.sallyport.process.StatusSocket;
import io.sallyport.process.command.DaemonCommand;
import io.sallyport.process.yaml.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sallyport agent}: runs an agent until it is told to stop. */
public final class AgentCommand {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);

    private AgentCommand() {}

    public static CommandSpec spec() {
        return DaemonCommand.of("agent", "an agent", "agent.yaml", AgentCommand::run);
    }

    private static void run(Path file, Runnable log, Duration patience)
            throws ConfigurationException, InterruptedException {
        List<String> warnings = new ArrayList<>();
        AgentConfig config = AgentConfigFile.read(file, warnings::add);
        log.run();
        warnings.forEach(AgentCommand::warn);
        var signals = new Foreground();
        // The socket first: a second process by mistake ends before it is in anybody's way.
        try (StatusSocket status = StatusSocket.open(config.statusSocket());
                Agent agent = Agent.start(config)) {
            status.show(agent::status);
            signals.run(() -> reload(agent, file), time -> drain(agent, status, time), patience);
        }
    }

    /** Frees the status socket first: a new process may start while this one drains. */
    private static void drain(Agent agent, StatusSocket status, Duration time) {
        status.close();
        agent.drain(time);
    }

    private static void warn(String warning) {
        LOG.atWarn().addKeyValue("why", warning).log("the configuration may not be what was meant");
    }

    private static void reload(Agent agent, Path file) {
        try {
            agent.reload(AgentConfigFile.read(file, AgentCommand::warn));
        } catch (ConfigurationException faulty) {
            throw new OperatorException(String.join("; ", faulty.faults()), faulty);
        }
    }
}
