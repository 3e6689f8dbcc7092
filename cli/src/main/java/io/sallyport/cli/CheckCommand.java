package io.sallyport.cli;

import io.sallyport.agent.config.AgentConfigFile;
import io.sallyport.gateway.config.GatewayConfigFile;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.YamlFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sallyport check}: reads configuration as gateway and agent would, and tells every fault
 * and every warning.
 */
@Command(
        name = "check",
        description =
                "Checks configuration files: exit code 0, or 2 with every fault as file:line: path:"
                        + " what. Warnings change no exit code.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "gateway.yaml or agent.yaml")
    private List<Path> files;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        int exitCode = ExitCode.OK;
        for (Path file : files) {
            try {
                check(file);
            } catch (ConfigurationException faulty) {
                faulty.faults().forEach(spec.commandLine().getErr()::println);
                exitCode = ExitCode.USAGE;
            }
        }
        spec.commandLine().getErr().flush();
        return exitCode;
    }

    /** A file is a gateway's or an agent's by the section that it has. */
    private void check(Path file) throws ConfigurationException {
        if (YamlFile.read(file).has("gateway")) {
            GatewayConfigFile.read(file);
        } else {
            AgentConfigFile.read(file, spec.commandLine().getErr()::println);
        }
    }
}
