package io.sallyport.gateway;

import io.sallyport.process.command.StatusCommand;
import io.sallyport.process.command.UserErrors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What runs on a host in the DMZ: the {@code sallyport} command without everything that belongs
 * inside.
 */
@Command(
        name = "sallyport",
        description = "The part of Sallyport that stands in the DMZ.",
        mixinStandardHelpOptions = true,
        subcommands = {GatewayCommand.class, StatusCommand.class})
public final class GatewayMain {
    private GatewayMain() {}

    public static void main(String[] arguments) {
        System.exit(UserErrors.installedIn(new CommandLine(new GatewayMain())).execute(arguments));
    }
}
