package io.sallyport.cli;

import io.sallyport.agent.AgentCommand;
import io.sallyport.cli.copy.CopyCommand;
import io.sallyport.cli.demo.DemoCommand;
import io.sallyport.gateway.GatewayCommand;
import io.sallyport.process.Software;
import io.sallyport.process.command.StatusCommand;
import io.sallyport.process.command.UserErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code sallyport} command. The launcher runs {@code gateway} from jars of its own. */
@Command(
        name = "sallyport",
        description =
                "Lets partners reach services of a private network that opens no port for it.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class)
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class Main implements Callable<Integer> {
    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var command =
                new CommandLine(new Main())
                        .addSubcommand(new InitCommand())
                        .addSubcommand(new IssueCommand())
                        .addSubcommand(new CheckCommand())
                        .addSubcommand(new PasswordCommand())
                        .addSubcommand(new CommandLine(GatewayCommand.spec()))
                        .addSubcommand(new CommandLine(AgentCommand.spec()))
                        .addSubcommand(new StatusCommand())
                        .addSubcommand(new CopyCommand())
                        .addSubcommand(new DemoCommand());
        return UserErrors.installedIn(command);
    }

    /** Without a command: what the commands are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Software.versionLine()};
        }
    }
}
