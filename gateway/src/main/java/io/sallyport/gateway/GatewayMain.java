package io.sallyport.gateway;

import io.sallyport.process.command.BuiltCommand;
import io.sallyport.process.command.StatusCommand;
import io.sallyport.process.command.UserErrors;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What runs on a host in the DMZ: the {@code sallyport} command without everything that belongs
 * inside.
 */
public final class GatewayMain {
    private GatewayMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** The command and its commands, as far as the arguments can be about them. */
    static CommandLine commandLine(String... arguments) {
        var command =
                new CommandLine(
                        BuiltCommand.of(
                                "sallyport",
                                "The part of Sallyport that stands in the DMZ.",
                                GatewayMain::showCommands));
        command.addSubcommand(new CommandLine(GatewayCommand.spec()));
        // A start does not wait for the annotations of what it does not run.
        if (arguments.length == 0 || !arguments[0].equals("gateway")) {
            command.addSubcommand(new StatusCommand());
        }
        return UserErrors.installedIn(command);
    }

    private static int showCommands(CommandSpec parsed) {
        parsed.commandLine().usage(parsed.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
